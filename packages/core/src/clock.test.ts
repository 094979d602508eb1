import { afterEach, describe, expect, it, vi } from "vitest";
import { run } from "../test/run.ts";
import { Timekeeper, Twin } from "../test/timekeeping.ts";
import { autoconnect } from "./blueprint/autoconnect.ts";
import { SteadyClock } from "./clock.ts";
import { clockOfRun } from "./clock-base.ts";

const HOUR_MS = 3_600_000;
const hostNow = Date.now;

afterEach(() => void vi.restoreAllMocks());

/** What a person, or a time server, does to the clock of the host. */
function setHostClock(byMs: number): void {
  vi.spyOn(Date, "now").mockImplementation(() => hostNow() + byMs);
}

it.each([-HOUR_MS, -600_000, HOUR_MS])("now() does not jump when the host's clock is set by %i ms (K2)", (byMs) => {
  const clock = clockOfRun({});
  const beforeMs = clock.now();
  expect(Math.abs(beforeMs - Date.now())).toBeLessThan(60_000);
  setHostClock(byMs);
  expect(clock.now() - beforeMs).toBeGreaterThanOrEqual(0);
  expect(clock.now() - beforeMs).toBeLessThan(60_000);
});

it("takes the base of the run from the environment", () => {
  expect(Math.abs(clockOfRun({ DIMOS_CLOCK_BASE_MS: "12.5" }).now() - new SteadyClock(12.5).now())).toBeLessThan(1000);
});

it.each(["", " ", "soon", "NaN", "Infinity", "1e999"])(
  'refuses the base "%s", by which every stamp would be wrong',
  (text) => {
    expect(() => clockOfRun({ DIMOS_CLOCK_BASE_MS: text })).toThrow(`DIMOS_CLOCK_BASE_MS is "${text}"`);
  },
);

it.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY])("a worker refuses the base %s", (base) => {
  expect(() => new SteadyClock(base as number)).toThrow("must be a finite number");
});

describe.each([2, 0])("With nWorkers %i", (nWorkers) => {
  it("modules, a restarted one and what they start read one clock, whatever the host's clock says by then (K2)", async () => {
    setHostClock(-HOUR_MS);
    await using system = await run(autoconnect(Timekeeper.blueprint(), Twin.blueprint()), { nWorkers });
    const base = (instance: string, method = "base") => system.call(instance, method, []) as Promise<number>;
    const first = await base("Timekeeper");
    expect(Math.abs(first - (Date.now() - Number(process.hrtime.bigint()) / 1e6))).toBeLessThan(60_000);
    setHostClock(3 * HOUR_MS);
    await system.restartModule("Twin", { reloadSource: nWorkers > 0 });
    const others = [await base("Timekeeper"), await base("Twin"), await base("Twin", "baseOfChild")];
    for (const other of others) expect(Math.abs(other - first)).toBeLessThan(1);
  });
});

import { afterEach, describe, expect, it, vi } from "vitest";
import { pids, run } from "../test/run.ts";
import { Timekeeper, Twin } from "../test/timekeeping.ts";
import { autoconnect } from "./blueprint/autoconnect.ts";
import { type Clock, ownedClock, SteadyClock } from "./clock.ts";
import { clockOfRun } from "./clock-base.ts";
import type { ModuleCoordinator } from "./coordinator/coordinator.ts";

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

const enough = new Error("enough");

type Aborted = readonly [how: string, clock: Clock, signal: AbortSignal | undefined, abort: () => void];

/** Clocks whose waits end by a signal of each, and by the owner of all, where each has a signal as well or not. */
function abortedClocks(): readonly Aborted[] {
  const clock = clockOfRun({});
  const [alone, owned, owner, other] = Array.from({ length: 4 }, () => new AbortController()) as [
    AbortController,
    AbortController,
    AbortController,
    AbortController,
  ];
  const nobody = new AbortController().signal;
  return [
    ["by its signal", clock, alone.signal, () => alone.abort(enough)],
    ["by its signal, with an owner", ownedClock(clock, nobody), owned.signal, () => owned.abort(enough)],
    ["by its owner", ownedClock(clock, owner.signal), undefined, () => owner.abort(enough)],
    ["by its owner, with a signal", ownedClock(clock, other.signal), nobody, () => other.abort(enough)],
  ];
}

describe.each(abortedClocks())("What waits, and is ended %s,", (_, clock, signal, abort) => {
  const options = signal === undefined ? undefined : { signal };

  it("ends at once, ticks no more, and is not begun again: a robot that is told to stop does", async () => {
    let [ticks, lateTicks, beats] = [0, 0, 0];
    clock.interval(1, () => ticks++, options);
    await expect.poll(() => ticks).toBeGreaterThan(1);
    const slept = expect(clock.sleep(HOUR_MS, options)).rejects.toThrow(enough);
    abort();
    const ticksAtAbort = ticks;
    await slept;
    await expect(clock.sleep(HOUR_MS, options)).rejects.toThrow(enough);
    clock.interval(1, () => lateTicks++, options);
    const leave = clockOfRun({}).interval(1, () => beats++);
    await expect.poll(() => beats).toBeGreaterThan(5);
    leave();
    expect([ticks, lateTicks]).toEqual([ticksAtAbort, 0]);
  });
});

it("an interval ends when it is told to, also by its own tick", async () => {
  const clock = clockOfRun({});
  let [ticks, beats] = [0, 0];
  const stop = clock.interval(1, () => {
    ticks++;
    stop();
  });
  const leave = clock.interval(1, () => beats++);
  await expect.poll(() => beats).toBeGreaterThan(5);
  leave();
  expect(ticks).toBe(1);
});

/** The module runs in a process that is younger than the others. */
async function restartedProcess(system: ModuleCoordinator, instance: string): Promise<void> {
  const restarted = new Promise((resolve) => system.on("moduleRestarted", resolve));
  process.kill(pids(system)[instance] as number, "SIGKILL");
  await restarted;
}

describe.each([2, 0])("With nWorkers %i", (nWorkers) => {
  it("modules, a restarted one and what they start read one clock, whatever the host's clock says by then (K2)", async () => {
    setHostClock(-HOUR_MS);
    await using system = await run(autoconnect(Timekeeper.blueprint(), Twin.blueprint()), { nWorkers });
    const base = (instance: string, method = "base") => system.call(instance, method, []) as Promise<number>;
    const first = await base("Timekeeper");
    expect(Math.abs(first - (Date.now() - Number(process.hrtime.bigint()) / 1e6))).toBeLessThan(60_000);
    setHostClock(3 * HOUR_MS);
    if (nWorkers === 0) await system.restartModule("Twin", { reloadSource: false });
    else await restartedProcess(system, "Twin");
    const others = [await base("Timekeeper"), await base("Twin"), await base("Twin", "baseOfChild")];
    for (const other of others) expect(Math.abs(other - first)).toBeLessThan(1);
  });
});

import { Dimos } from "@dimos/porcelain";
import { afterEach, describe, expect, test, vi } from "vitest";
import { navigatingRobot } from "./navigating-robot.ts";

vi.setConfig({ testTimeout: 120_000 });

const HOUR_MS = 3_600_000;
const hostNow = Date.now;

afterEach(() => void vi.restoreAllMocks());

/** What a person, or a time server, does to the clock of the host: everything of the run is in this process. */
function setHostClock(byMs: number): void {
  vi.spyOn(Date, "now").mockImplementation(() => hostNow() + byMs);
}

async function run(): Promise<Dimos> {
  const app = new Dimos({ nWorkers: 0, consoleLevel: "silent" });
  await app.run(navigatingRobot);
  return app;
}

const forward = (x: number) => ({ linear: { x, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } });

describe.each([-HOUR_MS, HOUR_MS])("When the host's clock is set by %i ms", (byMs) => {
  test("a robot under way arrives, maps go on, and nothing stays held (K2)", async () => {
    await using app = await run();
    let maps = 0;
    await app.subscribe("globalCostmap", () => void maps++);
    let mapsAtJump: number | undefined;
    const onProgress = () => {
      if (mapsAtJump !== undefined) return;
      mapsAtJump = maps;
      setHostClock(byMs);
    };
    const startedMs = performance.now();
    expect(await app.skills.relativeMove({ forward: 1.5 }, { onProgress })).toMatchObject({ status: "reached" });
    const seconds = (performance.now() - startedMs) / 1000;
    expect(seconds).toBeGreaterThan(1);
    // 2.5 a second; a busy machine makes fewer.
    expect(maps - (mapsAtJump as number)).toBeGreaterThanOrEqual(3);
    expect((await app.health()).capabilities).toEqual([]);
    expect(await app.skills.stopMovement({})).toMatchObject({ status: "stopped" });
    expect(await app.skills.relativeMove({ degrees: 45 })).toMatchObject({ status: "reached" });
  });

  test("a move that is aborted halts and gives movement back (K2)", async () => {
    await using app = await run();
    const abort = new AbortController();
    const moving = Promise.withResolvers<void>();
    const move = app.skills.relativeMove({ forward: 3 }, { signal: abort.signal, onProgress: () => moving.resolve() });
    await moving.promise;
    setHostClock(byMs);
    abort.abort(new Error("enough"));
    await move.catch(() => undefined);
    await expect.poll(async () => (await app.health()).capabilities, { timeout: 5000 }).toEqual([]);
    expect(await app.skills.stopMovement({})).toMatchObject({ status: "stopped" });
  });

  test("navigation drives again a second after the last command of a person (K2)", async () => {
    await using app = await run();
    const passed: number[] = [];
    await app.subscribe("cmdVel", (command) => void passed.push((command as ReturnType<typeof forward>).linear.x));
    // Before the command: what is measured contains the whole second, however late the test learns that it passed.
    const heldMs = performance.now();
    await app.publish("teleCmdVel", forward(0.2));
    await expect.poll(() => passed).toEqual([0.2]);
    setHostClock(byMs);
    await expect
      .poll(async () => {
        await app.publish("navCmdVel", forward(0.1));
        return passed.slice(0, 2);
      })
      .toEqual([0.2, 0.1]);
    expect(performance.now() - heldMs).toBeGreaterThan(990);
  });
});

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nowMs } from "../now-ms.ts";
import { startRobotProcess } from "../robot-process.ts";
import { FakeClock, whyNoFaketime } from "./faketime.ts";

// A whole run, every process of which lives by a wall clock that is set while the robot walks (K2).
const whyNot = whyNoFaketime(process.env);
if (whyNot !== undefined)
  process.stderr.write(`The tests of a whole run with another clock are left out: ${whyNot}.\n`);

async function startRobot() {
  const clock = new FakeClock(join(process.env.XDG_RUNTIME_DIR as string, "clock"));
  const robot = await startRobotProcess(clock.env);
  const { app, watch } = robot;
  const hostSeconds = async () => Date.parse(String(await app.skills.currentTime({}))) / 1000;
  /** Resolves when the run reads its new clock. */
  const setClock = async (seconds: number) => {
    clock.set(seconds);
    await expect.poll(async () => Math.abs((await hostSeconds()) - Date.now() / 1000 - seconds)).toBeLessThan(30);
  };
  return { app, watch, setClock, [Symbol.asyncDispose]: () => robot[Symbol.asyncDispose]() };
}

describe.skipIf(whyNot !== undefined)("A run of six workers and a simulator", { timeout: 240_000 }, () => {
  test.each([-3600, -600, 3600])(
    "goes on when the host's clock is set by %i s while the robot walks (K2)",
    async (seconds) => {
      await using run = await startRobot();
      const { app, watch, setClock } = run;
      const held = async () => (await app.health()).capabilities.map(({ capability }) => capability);
      let maps = 0;
      await app.subscribe("globalCostmap", () => void maps++);

      const move = app.skills.relativeMove({ forward: 2 });
      await watch.walks();
      await setClock(seconds);
      const atJump = { maps, ms: performance.now() };
      const { status, moved } = await move;
      expect({ status, held: await held() }).toEqual({ status: "reached", held: [] });
      const mapHz = ((maps - atJump.maps) * 1000) / (performance.now() - atJump.ms);
      expect(mapHz).toBeGreaterThan(1);

      // Aborted under the new clock: the robot stands, and others may move it.
      const abort = new AbortController();
      const aborted = app.skills.relativeMove({ forward: -1.5 }, { signal: abort.signal });
      await watch.walks();
      const abortedMs = nowMs();
      abort.abort(new Error("enough"));
      await aborted.catch(() => undefined);
      const stoodMs = await watch.movedFor(abortedMs);
      expect(stoodMs).toBeLessThan(600);
      await expect.poll(held).toEqual([]);

      // A restarted module uses the same clock as the others, whatever the host's clock says.
      const pidOf = (instance: string) =>
        app.listModules().find((module) => module.instance === instance)?.pid as number;
      const killed: readonly (readonly [what: string, pid: number, instance: string])[] = [
        ...["ReplanningAStarPlanner", "VoxelGridMapper", "MovementManager", "Go2Connection"].map(
          (instance) => [instance, pidOf(instance), instance] as const,
        ),
        ["the simulator", watch.pid, "Go2Connection"],
      ];
      for (const [what, pid, instance] of killed) {
        const restarted = Promise.withResolvers<void>();
        const leave = await app.on("moduleRestarted", (event) => event.instance === instance && restarted.resolve());
        process.kill(pid, "SIGKILL");
        await restarted.promise;
        leave();
        const { status, error } = await app.skills.relativeMove({ degrees: 60 });
        expect({ what, status, error }).toEqual({ what, status: "reached", error: undefined });
      }
      await setClock(0);
      expect(await app.skills.relativeMove({ degrees: -60 })).toMatchObject({ status: "reached" });
      expect(await held()).toEqual([]);
      const figures = `moved ${moved.toFixed(2)} m, ${mapHz.toFixed(1)} maps/s after it, stood ${Math.round(stoodMs)} ms after an abort`;
      process.stderr.write(`Clock set by ${seconds} s: ${figures}\n`);
    },
  );
});

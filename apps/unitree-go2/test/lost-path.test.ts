import { autoconnect } from "@dimos/core";
import { Dimos } from "@dimos/porcelain";
import { expect, test, vi } from "vitest";
import {
  Go2Connection,
  MovementManager,
  NavigationSkills,
  Patrolling,
  ReplanningAStarPlanner,
  UnitreeSkills,
  VoxelGridMapper,
} from "../src/index.ts";
import { nowMs } from "./now-ms.ts";
import { runSimulated } from "./simulated-run.ts";
import { TruthWatch } from "./truth-watch.ts";

vi.setConfig({ testTimeout: 120_000 });

const robot = autoconnect(
  Go2Connection.blueprint(),
  MovementManager.blueprint(),
  VoxelGridMapper.blueprint(),
  ReplanningAStarPlanner.blueprint(),
  UnitreeSkills.blueprint(),
  NavigationSkills.blueprint(),
  Patrolling.blueprint(),
);

/** Kills a process, and waits until the module that it takes along runs again. */
async function kill(app: Dimos, pid: number, instance: string): Promise<void> {
  const restarted = new Promise<void>((resolve) =>
    app.on("moduleRestarted", (event) => event.instance === instance && resolve()),
  );
  process.kill(pid, "SIGKILL");
  await restarted;
}

const pidOf = (app: Dimos, instance: string) =>
  app.listModules().find((module) => module.instance === instance)?.pid as number;

/** Resolves when the robot walks; rejects when what moves it ends before that. */
async function walks(
  watch: TruthWatch,
  move?: Promise<{ readonly status: string; readonly error?: string }>,
): Promise<void> {
  const ended = move?.then(({ status, error }) => {
    throw new Error(`The move ended before the robot walked: ${status}, ${error}`);
  });
  // A loaded machine may take its time.
  const walking = expect.poll(() => watch.speed, { timeout: 60_000, interval: 10 }).toBeGreaterThan(0.35);
  ended?.catch(() => {});
  await (ended === undefined ? walking : Promise.race([walking, ended]));
}

/** A robot that kept walking would show it in this many reports of its simulator: more than a second of them. */
async function stands(watch: TruthWatch): Promise<void> {
  const { length } = watch.moments;
  await expect.poll(() => watch.moments.length).toBeGreaterThan(length + 60);
  expect(watch.moments.slice(length).filter(({ speed }) => speed > 0.02)).toEqual([]);
}

test("a crash of what lies between goal and legs, or makes the map, cancels the goal for good: its caller hears why, and the robot stands until it is asked again", async () => {
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 6 });
  await app.run(robot, { config: { Go2Connection: { cameraHz: 0 } } });
  for (const instance of ["MovementManager", "VoxelGridMapper", "Go2Connection"]) {
    using watch = await TruthWatch.open(app.runId);
    const { travelled } = await app.Go2Connection.groundTruth();
    const move = app.skills.relativeMove({ forward: 4 });
    await walks(watch, move);
    const killedMs = nowMs();
    await kill(app, pidOf(app, instance), instance);
    // Without a mapper velocities go on to come until the planner hears of it, later on a busy machine; untold it walks for 8 s.
    expect(await watch.movedFor(killedMs), instance).toBeLessThan(instance === "VoxelGridMapper" ? 3000 : 600);
    const { status, moved, error } = await move;
    expect({ status, error }).toEqual({
      status: "cancelled",
      // On a machine that is held up, the coordinator takes the kill for that of the actuator's own guard, and adds why.
      error: expect.stringMatching(
        new RegExp(`^${instance}, which .* was lost: its worker was ended by SIGKILL.* The robot stops; ask again\\.$`),
      ),
    });
    await stands(watch);
    expect(moved, instance).toBeCloseTo((await app.Go2Connection.groundTruth()).travelled - travelled, 1);
    expect(await app.ReplanningAStarPlanner.getState()).toMatchObject({ status: "idle" });
    expect(await app.skills.relativeMove({ forward: -0.2 })).toMatchObject({ status: "reached" });
  }

  // The simulator, which takes its connection along: another robot stands at the start then.
  const move = app.skills.relativeMove({ forward: 4 });
  {
    using watch = await TruthWatch.open(app.runId);
    await walks(watch, move);
    await kill(app, watch.pid, "Go2Connection");
  }
  expect(await move).toMatchObject({
    status: "cancelled",
    error: expect.stringMatching(/^Go2Connection, which .* was lost: .*The simulator has ended/),
  });
  using watch = await TruthWatch.open(app.runId);
  await stands(watch);
  expect((await app.Go2Connection.groundTruth()).travelled).toBe(0);

  // Background work, which would send the next goal by itself.
  const places = (await app.skills.listLocations()).map(({ name }) => name);
  await app.skills.startPatrol({ places });
  await walks(watch);
  await kill(app, pidOf(app, "ReplanningAStarPlanner"), "ReplanningAStarPlanner");
  await expect.poll(async () => (await app.skills.patrolStatus()).status).toBe("interrupted");
  await watch.movedFor(nowMs());
  await stands(watch);
  expect((await app.skills.patrolStatus()).detail).toMatch(/^The patrol was interrupted\. .* was lost/);
  expect(await app.skills.relativeMove({ degrees: 30 })).toMatchObject({ status: "reached" });
});

test("a restart of what lies between, or makes the map, in the same process, cancels the goal too", async () => {
  await using app = await runSimulated({ world: "office" });
  for (const instance of ["MovementManager", "VoxelGridMapper", "Go2Connection"]) {
    const walking = Promise.withResolvers<void>();
    const onProgress = () => walking.resolve();
    const move = app.skills.relativeMove({ forward: 4 }, { onProgress });
    await walking.promise;
    await app.restart(instance, { reloadSource: false });
    expect(await move).toMatchObject({
      status: "cancelled",
      error: expect.stringMatching(
        new RegExp(`^${instance}, which .* was lost: it was restarted\\. The robot stops; ask again\\.$`),
      ),
    });
    expect(await app.ReplanningAStarPlanner.getState()).toMatchObject({ status: "idle" });
  }
});

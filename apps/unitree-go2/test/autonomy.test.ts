import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dimos } from "@dimos/porcelain";
import { expect, onTestFinished, test } from "vitest";
import type { ExplorationState, PatrolState } from "../src/index.ts";
import { planarDistance } from "../src/planar-pose.ts";
import { runSimulated } from "./simulated-run.ts";

/** The first message of a stream that fits. */
async function untilState<T>(app: Dimos, stream: string, fits: (state: T) => boolean): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const leave = await app.subscribe(stream, (message) => {
    if (fits(message as T)) resolve(message as T);
  });
  return promise.finally(leave);
}
const standsStill = async (app: Dimos) => {
  const { travelled } = await app.Go2Connection.groundTruth();
  await app.skills.wait({ seconds: 1 });
  return (await app.Go2Connection.groundTruth()).travelled - travelled;
};

test("exploration holds the robot until it is ended, then the robot stands and is free", {
  timeout: 90_000,
}, async () => {
  await using app = await runSimulated({ world: "apartment" });
  expect(await app.skills.beginExploration()).toEqual({ status: "exploring", maxMinutes: 30 });
  const state = await untilState<ExplorationState>(app, "explorationState", ({ distance }) => distance > 1);
  expect(state).toMatchObject({ status: "exploring", goal: { x: expect.any(Number), y: expect.any(Number) } });
  await expect(app.skills.relativeMove({ forward: 1 })).rejects.toThrow(/beginExploration.*endExploration/s);
  const report = await app.skills.endExploration();
  expect(report).toMatchObject({ wasExploring: true, status: "stopped" });
  expect(report.area).toBeGreaterThan(10);
  expect(await standsStill(app)).toBeLessThan(0.01);
  expect(await app.skills.relativeMove({ degrees: 20 })).toMatchObject({ status: "reached" });
});

test("stopMovement during an exploration ends it, and its report says so", { timeout: 90_000 }, async () => {
  await using app = await runSimulated({ world: "apartment" });
  await app.skills.beginExploration();
  await untilState<ExplorationState>(app, "explorationState", ({ distance }) => distance > 0.5);
  const ended = untilState<ExplorationState>(app, "explorationState", ({ status }) => status !== "exploring");
  expect(await app.skills.stopMovement()).toMatchObject({ hadGoal: true, status: "stopped" });
  expect(await ended).toMatchObject({ status: "interrupted" });
});

test("places that are tagged on the way are patrolled, and kept in the file", { timeout: 90_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), "go2-places-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const placesFile = join(directory, "places.json");
  await using app = await runSimulated({ world: "apartment" }, { placesFile });
  await app.skills.tagLocation({ name: "home" });
  expect(await app.skills.navigateTo({ place: "Sofa" })).toMatchObject({ status: "reached" });
  await app.skills.tagLocation({ name: "by the sofa" });
  await expect(app.skills.navigateTo({ place: "kitchn" })).rejects.toThrow(/Did you mean "kitchen"\?/);
  const done = untilState<PatrolState>(app, "patrolState", ({ status }) => status !== "patrolling");
  expect(await app.skills.startPatrol({ rounds: 1 })).toEqual({
    status: "patrolling",
    points: ["by the sofa", "home"],
  });
  expect(await done).toMatchObject({ status: "complete", rounds: 1, reached: 2, missed: 0 });
  const { pose, start, collisions } = await app.Go2Connection.groundTruth();
  expect(planarDistance(pose, start)).toBeLessThan(0.2);
  expect(collisions).toBe(0);
  expect(Object.keys(JSON.parse(await readFile(placesFile, "utf8")).places)).toEqual(["by the sofa", "home"]);
});

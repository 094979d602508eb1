import { testModule } from "@dimos/core/testing";
import { afterEach, expect, test, vi } from "vitest";
import { FakePlanner, odometryAt, resultOf } from "../../test/fake-planner.ts";
import { UnitreeSkills } from "./unitree-skills.ts";

type RelativeMove = Parameters<UnitreeSkills["relativeMove"]>[0];

afterEach(() => void vi.useRealTimers());

/** The skills of a robot at x = 1 that looks along x. */
async function standing() {
  const planner = new FakePlanner();
  const skills = await testModule(UnitreeSkills, { refs: { planner } });
  await skills.start();
  await odometryAt(skills, 1);
  return { planner, skills, [Symbol.asyncDispose]: () => skills.stop() };
}

test("asks the planner for the place that lies ahead, and for no way much longer than straight", async () => {
  await using stage = await standing();
  const move = stage.skills.module.relativeMove({ forward: 3, left: 4, degrees: 90 });
  await stage.skills.clock.advance(0);
  expect(stage.planner.goals).toEqual([
    {
      goal: { x: 4, y: 4, yaw: Math.PI / 2 },
      options: { timeoutS: 100, maxPathM: 5.5, turnRad: Math.PI / 2, toleranceM: 2.5, toleranceRad: Math.PI / 4 },
    },
  ]);
  await resultOf(stage.skills, 1, "reached");
  expect(await move).toMatchObject({ status: "reached", moved: 0, turnedDegrees: 0 });
});

test("begins where odometry says now: what it said before a silence was of where the robot stood then", async () => {
  await using stage = await standing();
  await stage.skills.clock.advance(1000);
  const move = stage.skills.module.relativeMove({ forward: 3 });
  await stage.skills.clock.advance(0);
  expect(stage.planner.goals).toEqual([]);
  await odometryAt(stage.skills, 7);
  await stage.skills.clock.advance(0);
  expect(stage.planner.goals).toMatchObject([{ goal: { x: 10, y: 0 } }]);
  await resultOf(stage.skills, 1, "reached");
  expect(await move).toMatchObject({ status: "reached", moved: 0 });
});

test("reports what odometry measured and why the planner stopped, never what was asked", async () => {
  await using stage = await standing();
  const move = stage.skills.module.relativeMove({ forward: 3 });
  await stage.skills.clock.advance(0);
  await odometryAt(stage.skills, 1.75);
  await resultOf(stage.skills, 7, "reached");
  await resultOf(stage.skills, 1, "blocked", "Something is in the way.");
  expect(await move).toEqual({
    status: "blocked",
    moved: 0.75,
    turnedDegrees: 0,
    distanceLeft: 2.25,
    degreesLeft: 0,
    tolerance: { metres: 0.2, degrees: 15 },
    error: "Something is in the way.",
  });
});

test("adds up what odometry turned, and says what is left: 270 degrees are not -90", async () => {
  await using stage = await standing();
  const move = stage.skills.module.relativeMove({ degrees: 270 });
  await stage.skills.clock.advance(0);
  const [asked] = stage.planner.goals;
  expect([asked?.goal.yaw, asked?.options.turnRad]).toEqual([-Math.PI / 2, 1.5 * Math.PI]);
  for (const degrees of [100, 200, 265]) await odometryAt(stage.skills, 1, 0, degrees);
  await resultOf(stage.skills, 1, "reached");
  const { status, turnedDegrees, degreesLeft } = await move;
  expect([status, Math.round(turnedDegrees), Math.round(degreesLeft)]).toEqual(["reached", 265, 5]);
});

test.each<[RelativeMove, RegExp]>([
  [{}, /the robot did not move: give forward, left or degrees other than 0/],
  [{ forward: 0.01 }, /the robot did not move: 0\.01 m is less than its smallest move, 0\.02 m$/],
  [{ degrees: -1 }, /the robot did not move: -1° is less than its smallest move, 2°$/],
  [{ left: 0.01, degrees: 1 }, /the robot did not move: 0\.01 m and 1° is less than its smallest move, 0\.02 m or 2°$/],
  [{ degrees: 1081 }, /degrees: at most three full turns, 1080 degrees, at once/],
  [{ forward: 1, degrees: -2000 }, /degrees: at most three full turns/],
])("refuses %o, which is never reached", async (move, sentence) => {
  await using stage = await standing();
  await expect(stage.skills.module.relativeMove(move)).rejects.toThrow(sentence);
  expect(stage.planner.goals).toEqual([]);
});

test("gives the goal up when the caller aborts, and says how far the robot came (I2)", async () => {
  await using stage = await standing();
  const abort = new AbortController();
  const move = stage.skills.module.relativeMove({ forward: 3 }, { signal: abort.signal });
  await stage.skills.clock.advance(0);
  abort.abort();
  expect(stage.planner.cancelled).toEqual([1]);
  await odometryAt(stage.skills, 2.2);
  await resultOf(stage.skills, 1, "cancelled", "The goal was cancelled.");
  expect(await move).toMatchObject({
    status: "cancelled",
    moved: expect.closeTo(1.2, 9),
    turnedDegrees: 0,
    error: "The goal was cancelled.",
  });
});

test("gives up a goal that the planner was just taking when the caller aborted: the robot does not set off after that (I2)", async () => {
  await using stage = await standing();
  const taken = Promise.withResolvers<void>();
  const { setGoal } = stage.planner;
  stage.planner.setGoal = async (...goal) => {
    await taken.promise;
    return setGoal(...goal);
  };
  const abort = new AbortController();
  const move = stage.skills.module.relativeMove({ forward: 3 }, { signal: abort.signal });
  await stage.skills.clock.advance(0);
  abort.abort();
  await stage.skills.clock.advance(0);
  expect(stage.planner.cancelled).toEqual([]);
  taken.resolve();
  await stage.skills.clock.advance(0);
  expect(stage.planner.cancelled).toEqual([1]);
  await resultOf(stage.skills, 1, "cancelled", "The goal was cancelled.");
  expect(await move).toMatchObject({ status: "cancelled", moved: 0 });
});

test("passes on the distance that is left for its own goal only", async () => {
  await using stage = await standing();
  const told: unknown[] = [];
  const move = stage.skills.module.relativeMove({ forward: 3 }, { onProgress: (progress) => told.push(progress) });
  await stage.skills.clock.advance(0);
  const state = { status: "following", goal: { x: 4, y: 0 }, distanceLeft: 2, detail: "Following the path." } as const;
  await stage.skills.publish("navigationState", { ...state, goalId: 1 });
  await stage.skills.publish("navigationState", { ...state, goalId: 2 });
  await resultOf(stage.skills, 1, "reached");
  await move;
  expect(told).toEqual([{ distanceLeft: 2, detail: "Following the path." }]);
});

test("gives up on a planner that falls silent for five seconds of real time, whatever the robot's clock does", async () => {
  await using stage = await standing();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const move = stage.skills.module.relativeMove({ forward: 3 });
  const settled = expect(move).rejects.toMatchObject({
    code: "PLANNER_SILENT",
    message: expect.stringMatching(/^ReplanningAStarPlanner has said nothing for 5 s\./),
  });
  await stage.skills.clock.advance(1_000_000);
  vi.advanceTimersByTime(4000);
  await stage.skills.publish("navigationState", { status: "idle", distanceLeft: 0, detail: "No goal." });
  vi.advanceTimersByTime(4000);
  expect(stage.planner.cancelled).toEqual([]);
  vi.advanceTimersByTime(1001);
  await settled;
  expect(stage.planner.cancelled).toEqual([1]);
});

/** A planner whose first goal is under way. */
async function moving() {
  const stage = await standing();
  const move = stage.skills.module.relativeMove({ forward: 3 });
  await stage.skills.clock.advance(0);
  const tell = (state: object) =>
    stage.skills.publish("navigationState", { status: "idle", distanceLeft: 0, detail: "No goal.", ...state });
  return { ...stage, move, tell };
}

test("a goal that a planner knows nothing of, because it was started again, ends as cancelled once the robot stands", async () => {
  await using stage = await moving();
  const { move, skills, tell } = stage;
  let isSettled = false;
  void move.then(() => {
    isSettled = true;
  });
  for (let i = 0; i < 14; i++) await tell({});
  await tell({ status: "following", goalId: 1 });
  for (let i = 0; i < 14; i++) await tell({});
  await odometryAt(skills, 1.5, 0.4);
  await tell({ goalId: 2 });
  await skills.clock.advance(200);
  expect(isSettled).toBe(false);
  await odometryAt(skills, 1.6);
  await skills.clock.advance(50);
  expect(await move).toMatchObject({
    status: "cancelled",
    moved: expect.closeTo(0.6, 9),
    turnedDegrees: 0,
    error: expect.stringMatching(/^ReplanningAStarPlanner has lost the goal/),
  });
});

test("a goal whose planner cannot be called any more, because its worker has ended, ends as cancelled and says why", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  await using stage = await moving();
  const { move, planner, skills } = stage;
  const gone = Object.assign(new Error("Worker worker-2 was ended by SIGKILL"), { code: "WORKER_EXITED" });
  planner.keepGoal = () => Promise.reject(gone);
  vi.advanceTimersByTime(300);
  await skills.clock.advance(0);
  await odometryAt(skills, 1);
  await skills.clock.advance(50);
  expect(await move).toMatchObject({
    status: "cancelled",
    error: "ReplanningAStarPlanner was lost: Worker worker-2 was ended by SIGKILL. The robot stops; ask again.",
  });
});

test("refuses distances that are none before anything moves", async () => {
  await using stage = await standing();
  await expect(stage.skills.module.relativeMove({ forward: Number.NaN })).rejects.toThrow(/forward/);
  await expect(stage.skills.module.relativeMove({ degrees: Number.NEGATIVE_INFINITY })).rejects.toThrow(/degrees/);
  await expect(stage.skills.module.relativeMove({ forwards: 1 } as never)).rejects.toThrow(/"forwards"/);
  expect(stage.planner.goals).toEqual([]);
});

test("waits in the robot's time", async () => {
  await using stage = await standing();
  const wait = stage.skills.module.wait({ seconds: 500 });
  await stage.skills.clock.advance(500_000);
  expect(await wait).toEqual({ waited: 500 });
});

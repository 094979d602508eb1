import { type TestedModule, testModule } from "@dimos/core/testing";
import { afterEach, expect, test, vi } from "vitest";
import { FakePlanner, odometryAt, odometryOf, resultOf } from "../../test/fake-planner.ts";
import { NavigationSkills } from "./navigation-skills.ts";

afterEach(() => void vi.useRealTimers());

async function standing() {
  const planner = new FakePlanner();
  const world = { worldPlaces: async () => [["kitchen", { x: 4, y: 1, yaw: Math.PI / 2 }]] };
  const skills = await testModule(NavigationSkills, { refs: { planner, world } });
  await skills.start();
  await odometryAt(skills, 1);
  return { planner, skills, [Symbol.asyncDispose]: () => skills.stop() };
}

test("navigateTo sends a goal, any way round, and reports what odometry measured", async () => {
  await using stage = await standing();
  const go = stage.skills.module.navigateTo({ x: 4, y: 0 });
  await stage.skills.clock.advance(0);
  expect(stage.planner.goals).toEqual([{ goal: { x: 4, y: 0 }, options: { timeoutS: 300 } }]);
  await odometryAt(stage.skills, 3);
  await resultOf(stage.skills, 1, "blocked", "No way leads to the goal.");
  expect(await go).toEqual({
    ...{ status: "blocked", moved: 2, distanceLeft: 1, tolerance: { metres: 0.2, degrees: 15 } },
    error: "No way leads to the goal.",
  });
});

test("navigateTo gives the goal up when its caller aborts", async () => {
  await using stage = await standing();
  const abort = new AbortController();
  const go = stage.skills.module.navigateTo({ x: 4, y: 0, yaw: 1 }, { signal: abort.signal });
  await stage.skills.clock.advance(0);
  abort.abort();
  expect(stage.planner.cancelled).toEqual([1]);
  await resultOf(stage.skills, 1, "cancelled", "The goal was cancelled.");
  expect(await go).toMatchObject({ status: "cancelled", moved: 0 });
});

test("tagLocation refuses names that would steer a terminal", async () => {
  await using stage = await standing();
  await expect(stage.skills.module.tagLocation({ name: "a\u001b[31mb" })).rejects.toThrow(/control characters/);
  expect(await stage.skills.module.tagLocation({ name: " a b " })).toMatchObject({ name: "a b" });
});

test("stopMovement cancels whatever is under way, and returns once the robot stands", async () => {
  await using stage = await standing();
  await odometryAt(stage.skills, 1, 0.5);
  const stop = stage.skills.module.stopMovement();
  await stage.skills.clock.advance(500);
  expect(stage.planner.cancelled).toEqual([undefined]);
  await odometryAt(stage.skills, 1.2, 0.01);
  await stage.skills.clock.advance(100);
  expect(await stop).toEqual({ hadGoal: false, status: "stopped", speed: 0.01 });
});

test("stopMovement does not say that the robot stands when no odometry can be used (K1)", async () => {
  const refs = { planner: new FakePlanner() };
  const stopped = async (before: (skills: TestedModule<NavigationSkills>) => Promise<void>) => {
    await using skills = await testModule(NavigationSkills, { refs });
    await skills.start();
    await before(skills);
    const stop = skills.module.stopMovement();
    await skills.clock.advance(3000);
    return stop;
  };
  expect(await stopped(async () => {})).toEqual({
    ...{ hadGoal: false, status: "unknown" },
    error:
      "It is not known whether the robot stands: no odometry has come for 2 s. Look at it, and at what reports its odometry.",
  });
  const ofAnother = async (skills: TestedModule<NavigationSkills>) => {
    await odometryAt(skills, 1);
    await skills.publish("odom", { ...odometryOf(1), childFrameId: "robot1/base_link" });
  };
  expect(await stopped(ofAnother)).toMatchObject({
    status: "unknown",
    error: expect.stringContaining('the odometry cannot be used: childFrameId is "robot1/base_link"'),
  });
});

test("stopMovement takes neither a robot that turns on the spot, nor one whose odometry has become useless, for one that stands", async () => {
  await using stage = await standing();
  const stopped = async (last: ReturnType<typeof odometryOf>) => {
    const stop = stage.skills.module.stopMovement();
    await stage.skills.clock.advance(10);
    await odometryAt(stage.skills, 1);
    await stage.skills.publish("odom", last);
    await stage.skills.clock.advance(3000);
    return (await stop).status;
  };
  const still = odometryOf(1);
  expect(await stopped(still)).toBe("stopped");
  const { linear } = still.twist.twist;
  expect(await stopped({ ...still, twist: { twist: { linear, angular: { x: 0, y: 0, z: -0.5 } } } })).toBe("moving");
  expect(await stopped({ ...still, childFrameId: "robot1/base_link" })).toBe("unknown");
});

test("stopMovement says when the robot goes on moving", async () => {
  await using stage = await standing();
  await odometryAt(stage.skills, 1, 0.5);
  const stop = stage.skills.module.stopMovement();
  await stage.skills.clock.advance(100);
  await odometryAt(stage.skills, 1, 0.5);
  await stage.skills.clock.advance(3000);
  expect(await stop).toEqual({
    hadGoal: false,
    status: "moving",
    speed: 0.5,
    error: "The robot still moves, 2 s after it was told to halt: something else drives it.",
  });
});

test("stopMovement does not take a robot of which no odometry comes any more for one that stands", async () => {
  await using stage = await standing();
  const stop = stage.skills.module.stopMovement();
  await stage.skills.clock.advance(3000);
  expect(await stop).toEqual({
    hadGoal: false,
    status: "unknown",
    error: expect.stringMatching(/^It is not known whether the robot stands: no odometry has come for 2 s\./),
  });
});

test("navigateTo goes to a place of the world by its name, facing as it should", async () => {
  await using stage = await standing();
  const go = stage.skills.module.navigateTo({ place: "Kitchen" });
  await stage.skills.clock.advance(0);
  expect(stage.planner.goals[0]?.goal).toEqual({ x: 4, y: 1, yaw: Math.PI / 2 });
  await resultOf(stage.skills, 1, "reached");
  expect(await go).toMatchObject({ status: "reached", degreesLeft: expect.closeTo(90, 9) });
});

test("tagLocation gives no name to where the robot stood when odometry came last", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await using stage = await standing();
  await stage.skills.clock.advance(60_000);
  const tag = stage.skills.module.tagLocation({ name: "charger" });
  await stage.skills.clock.advance(0);
  vi.advanceTimersByTime(2000);
  await expect(tag).rejects.toThrow(/odom/);
  expect(await stage.skills.module.listLocations()).not.toContainEqual(expect.objectContaining({ name: "charger" }));
});

test("tagLocation names where the robot stands, and navigateTo finds it", async () => {
  await using stage = await standing();
  await odometryAt(stage.skills, 3);
  const charger = { name: "charger", x: 3, y: 0, yawDegrees: 0, origin: "tagged" };
  expect(await stage.skills.module.tagLocation({ name: " charger" })).toEqual({ ...charger, replaced: false });
  expect(await stage.skills.module.listLocations()).toEqual([
    charger,
    { name: "kitchen", x: 4, y: 1, yawDegrees: 90, origin: "world" },
  ]);
  const go = stage.skills.module.navigateTo({ place: "charger", yaw: 1 });
  await stage.skills.clock.advance(0);
  expect(stage.planner.goals[0]?.goal).toEqual({ x: 3, y: 0, yaw: 1 });
  await resultOf(stage.skills, 1, "reached");
  await go;
});

test("navigateTo refuses a place that nobody knows, and half a goal; the robot does not move", async () => {
  await using stage = await standing();
  const { module } = stage.skills;
  await expect(module.navigateTo({ place: "kitchn" })).rejects.toThrow(
    'No place "kitchn" is known. Did you mean "kitchen"? Known places: kitchen.',
  );
  for (const half of [{}, { x: 1 }, { place: "kitchen", x: 1, y: 1 }]) {
    await expect(module.navigateTo(half)).rejects.toThrow(/give either the name of a place, or x and y/);
  }
  expect(stage.planner.goals).toEqual([]);
});

test("neither goes anywhere nor tags a place by the odometry of another robot, and says why (K1)", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const planner = new FakePlanner();
  await using skills = await testModule(NavigationSkills, {
    refs: { planner },
    instanceName: "robot0/NavigationSkills",
  });
  await skills.start();
  const asked = [skills.module.navigateTo({ x: 4, y: 0 }), skills.module.tagLocation({ name: "here" })];
  const answers = Promise.allSettled(asked);
  await skills.clock.advance(0);
  await odometryAt(skills, 1);
  vi.advanceTimersByTime(2000);
  const fault =
    'header.frameId is "odom", expected "robot0/odom"; transform the message into that frame, or call its frame so if it is the same';
  const message = `No message arrived on "odom" within 2000 ms that could be used; 1 was left out: ${fault}`;
  expect(await answers).toMatchObject(
    asked.map(() => ({ status: "rejected", reason: { code: "STREAM_TIMEOUT", message } })),
  );
  expect(planner.goals).toEqual([]);
});

import { testModule } from "@dimos/core/testing";
import { expect, test } from "vitest";
import { MovementManager } from "./movement-manager.ts";

const forward = (x: number) => ({ linear: { x, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } });

test("lets a person at the controls pre-empt navigation for a second, and ends its goal once", async () => {
  await using manager = await testModule(MovementManager);
  await manager.start();
  await manager.publish("navCmdVel", forward(0.1));
  await manager.publish("teleCmdVel", forward(0.2));
  await manager.clock.advance(400);
  await manager.publish("teleCmdVel", forward(0.3));
  await manager.publish("navCmdVel", forward(0.4));
  await manager.clock.advance(999);
  await manager.publish("navCmdVel", forward(0.5));
  await manager.clock.advance(1);
  await manager.publish("navCmdVel", forward(0.6));
  expect(manager.published("cmdVel").map(({ linear }) => linear.x)).toEqual([0.1, 0.2, 0.3, 0.6]);
  expect(manager.published("stopMovement")).toEqual([{ data: true }]);
});

test("halts at a velocity that is not finite, and does not pass it on (K1)", async () => {
  await using manager = await testModule(MovementManager, { validate: false });
  await manager.start();
  await manager.publish("navCmdVel", forward(0.1));
  await manager.publish("navCmdVel", forward(Number.NaN));
  await manager.publish("teleCmdVel", forward(0.2));
  // A person drives: navigation has nothing to say.
  await manager.publish("navCmdVel", forward(Number.POSITIVE_INFINITY));
  await manager.publish("teleCmdVel", { ...forward(0.3), angular: { x: 0, y: 0, z: Number.NaN } });
  expect(manager.published("cmdVel").map(({ linear }) => linear.x)).toEqual([0.1, 0, 0.2, 0]);
  expect(manager.logged).toEqual([
    "warn: MovementManager leaves out a message on /navCmdVel: linear.x is NaN",
    "warn: MovementManager leaves out a message on /teleCmdVel: angular.z is NaN",
  ]);
});

test("passes on no velocity that has been on its way for longer than half a second, neither of navigation nor of a person", async () => {
  await using manager = await testModule(MovementManager);
  await manager.start();
  const nowMs = Number(process.hrtime.bigint() / 1_000_000n);
  const { navCmdVel, teleCmdVel } = manager.module;
  navCmdVel.push(forward(0.1), nowMs - 60_000);
  teleCmdVel.push(forward(0.2), nowMs - 60_000);
  await manager.clock.advance(0);
  expect(manager.published("cmdVel")).toEqual([]);
  expect(manager.published("stopMovement")).toEqual([]);
  navCmdVel.push(forward(0.3), nowMs);
  await manager.clock.advance(0);
  expect(manager.published("cmdVel").map(({ linear }) => linear.x)).toEqual([0.3]);
});

test("the robot stands at once when what drives it is lost, and not half a second later", async () => {
  await using manager = await testModule(MovementManager);
  await manager.start();
  const { navCmdVel, teleCmdVel } = manager.module;
  const loss = { instance: "ReplanningAStarPlanner", reason: "its worker was ended by SIGKILL" };
  await manager.publish("navCmdVel", forward(0.1));
  // Nobody is at the controls.
  teleCmdVel.loseSource({ ...loss, instance: "Joystick" });
  navCmdVel.loseSource(loss);
  await manager.publish("teleCmdVel", forward(0.2));
  navCmdVel.loseSource(loss);
  teleCmdVel.loseSource({ ...loss, instance: "Joystick" });
  await manager.clock.advance(0);
  expect(manager.published("cmdVel").map(({ linear }) => linear.x)).toEqual([0.1, 0, 0.2, 0]);
});

import { testModule } from "@dimos/core/testing";
import { describe, expect, it } from "vitest";
import { RoverConnection } from "../src/index.ts";

describe("RoverConnection", () => {
  const forward = { linear: { x: 0.4, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } };

  it("halts when it is held, before its last command has run out (K5a)", async () => {
    await using rover = await testModule(RoverConnection);
    await rover.start();
    const speed = () => rover.published("odom").at(-1)?.twist.twist.linear.x;
    await rover.publish("cmdVel", forward);
    await rover.clock.advance(220);
    expect(speed()).toBeGreaterThan(0.3);
    await rover.hold({ phase: "began", reason: "the coordinator did not answer" });
    await rover.clock.advance(240);
    expect(speed()).toBeCloseTo(0);
  });

  it("does not follow a velocity that has been on its way for longer than half a second", async () => {
    await using rover = await testModule(RoverConnection);
    await rover.start();
    rover.module.cmdVel.push(forward, Number(process.hrtime.bigint() / 1_000_000n) - 60_000);
    await rover.clock.advance(220);
    expect(rover.published("odom").at(-1)?.twist.twist.linear.x).toBe(0);
  });

  it("halts at an emergency stop, before its last command has run out (I5)", async () => {
    await using rover = await testModule(RoverConnection);
    await rover.start();
    const speed = () => rover.published("odom").at(-1)?.twist.twist.linear.x;
    await rover.publish("cmdVel", forward);
    await rover.clock.advance(220);
    expect(speed()).toBeGreaterThan(0.3);
    await rover.estop("test");
    await rover.clock.advance(240);
    expect(speed()).toBeCloseTo(0);
  });
});

describe("RoverConnection that is sent a velocity of NaN", () => {
  it("halts, reports no other number than finite ones, and follows again (K1)", async () => {
    await using rover = await testModule(RoverConnection, { validate: false });
    await rover.start();
    const speed = () => rover.published("odom").at(-1)?.twist.twist.linear.x;
    const command = (x: number) => ({ linear: { x, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } });
    await rover.publish("cmdVel", command(0.4));
    await rover.clock.advance(220);
    expect(speed()).toBeGreaterThan(0.3);
    await rover.publish("cmdVel", command(Number.NaN));
    await rover.clock.advance(240);
    expect(speed()).toBeCloseTo(0);
    await rover.publish("cmdVel", command(0.4));
    await rover.clock.advance(220);
    expect(speed()).toBeGreaterThan(0.3);
    expect(rover.logged).toEqual(["warn: RoverConnection leaves out a message on /cmdVel: linear.x is NaN"]);
  });
});

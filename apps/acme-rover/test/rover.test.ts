import { testModule } from "@dimos/core/testing";
import { Dimos } from "@dimos/porcelain";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FencePatrol, patrol } from "../src/index.ts";
import { MecanumDrive } from "../src/mecanum-drive.ts";
import { SimulatedRover } from "../src/simulated-rover.ts";
import { Yard } from "../src/yard.ts";

describe("MecanumDrive", () => {
  it("does what it is told after it has turned up, sideways and turning too", () => {
    const drive = new MecanumDrive();
    const command = { vx: 0.3, vy: -0.2, vyaw: 0.4 };
    for (let i = 0; i < 100; i++) drive.follow(command, 0.02);
    expect(drive.velocity.vx).toBeCloseTo(0.3);
    expect(drive.velocity.vy).toBeCloseTo(-0.2);
    expect(drive.velocity.vyaw).toBeCloseTo(0.4);
  });

  it("keeps its course when the wheels cannot turn that fast", () => {
    const drive = new MecanumDrive();
    for (let i = 0; i < 100; i++) drive.follow({ vx: 3, vy: 1.5, vyaw: 0 }, 0.02);
    expect(drive.velocity.vx / drive.velocity.vy).toBeCloseTo(2);
    expect(drive.velocity.vx).toBeLessThan(1);
  });
});

describe("SimulatedRover", () => {
  const yard = new Yard(10, 6, [{ x: 5, y: 3, radius: 0.5 }]);

  it("sees the fence and the tree where they are", () => {
    const scan = new SimulatedRover(yard, { x: 2, y: 3, yaw: 0 }).scan(4);
    expect([...scan].map((value) => Math.round(value * 1000) / 1000 + 0)).toEqual([
      2.5, 0, 0, 0, 3, 0, -2, 0, 0, 0, -3, 0,
    ]);
  });

  it("halts half a second after the last command (I1)", () => {
    const rover = new SimulatedRover(yard, { x: 1, y: 1, yaw: 0 });
    rover.command({ vx: 0.5, vy: 0, vyaw: 0 });
    for (let i = 0; i < 25; i++) rover.step(0.02);
    expect(rover.velocity.vx).toBeGreaterThan(0.4);
    for (let i = 0; i < 20; i++) rover.step(0.02);
    expect(rover.velocity.vx).toBeCloseTo(0);
  });

  it("counts what it runs into and does not pass through it", () => {
    const rover = new SimulatedRover(yard, { x: 3.5, y: 3, yaw: 0 });
    for (let i = 0; i < 200; i++) {
      rover.command({ vx: 0.5, vy: 0, vyaw: 0 });
      rover.step(0.02);
    }
    expect(rover.bumps).toBeGreaterThan(0);
    expect(rover.pose.x).toBeLessThanOrEqual(4.2);
  });
});

const odometry = (x: number, y: number) => ({
  header: { stamp: { sec: 0, nsec: 0 }, frameId: "odom" },
  childFrameId: "base_link",
  pose: { pose: { position: { x, y, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } } },
  twist: { twist: { linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } } },
});

describe("FencePatrol", () => {
  it("stands in front of what is in the way, and says so when it stays there (J1)", async () => {
    await using patroller = await testModule(FencePatrol);
    await patroller.start();
    await patroller.publish("odom", odometry(1.2, 1.2));
    const header = { stamp: { sec: 0, nsec: 0 }, frameId: "lidar_link" };
    await patroller.publish("lidar", { header, xyz: Float32Array.of(0.4, 0, 0) });
    const result = patroller.module.patrol({ rounds: 1 });
    await patroller.clock.advance(6000);
    expect(await result).toMatchObject({ status: "blocked", moved: 0 });
    expect(patroller.published("cmdVel").every(({ linear }) => linear.x === 0)).toBe(true);
  });
});

describe("FencePatrol whose rover, or a sensor of it, is lost", () => {
  it.each(["cmdVel", "odom", "lidar"] as const)(
    "ends as cancelled when what is at %s is, says why, and sends nothing when that is back",
    async (port) => {
      await using patroller = await testModule(FencePatrol);
      await patroller.start();
      await patroller.publish("odom", odometry(1.2, 1.2));
      const result = patroller.module.patrol({ rounds: 1 });
      await patroller.clock.advance(300);
      const { [port]: lost } = patroller.module;
      const loss = { instance: "RoverConnection", reason: "its worker was ended by SIGKILL" };
      if ("losePath" in lost) lost.losePath(loss);
      else lost.loseSource(loss);
      await patroller.clock.advance(0);
      expect(await result).toEqual({
        ...{ status: "cancelled", corners: 0, moved: 0 },
        error: "RoverConnection was lost: its worker was ended by SIGKILL. The rover stops; ask again.",
      });
      const { length } = patroller.published("cmdVel");
      await patroller.clock.advance(1000);
      expect(patroller.published("cmdVel")).toHaveLength(length);
      expect(patroller.published("cmdVel").at(-1)?.linear.x).toBe(0);
    },
  );
});

describe("FencePatrol without a lidar", () => {
  it("goes nowhere, and says why", async () => {
    await using patroller = await testModule(FencePatrol);
    await patroller.start();
    await patroller.publish("odom", odometry(1.2, 1.2));
    const header = { stamp: { sec: 0, nsec: 0 }, frameId: "lidar_link" };
    await patroller.publish("lidar", { header, xyz: Float32Array.of(8, 0, 0) });
    const result = patroller.module.patrol({ rounds: 1 });
    await patroller.clock.advance(400);
    expect(patroller.published("cmdVel").at(-1)?.linear.x).toBeGreaterThan(0.3);
    for (let i = 0; i < 60; i++) {
      await patroller.publish("odom", odometry(1.2, 1.2));
      await patroller.clock.advance(100);
    }
    expect(await result).toMatchObject({ status: "blocked", error: "Nothing comes from the lidar." });
    const walked = patroller.published("cmdVel").filter(({ linear }) => linear.x !== 0);
    expect(walked.length).toBeLessThanOrEqual(5);
  });
});

describe("FencePatrol whose sensors are those of another frame", () => {
  const cloud = (frameId: string) => ({
    header: { stamp: { sec: 0, nsec: 0 }, frameId },
    xyz: Float32Array.of(8, 0, 0),
  });

  it.each([
    ["odom", "camera_link", "lidar_link", "odometry", 'childFrameId is "camera_link", expected "base_link"'],
    ["odom", "base_link", "odom", "lidar", 'header.frameId is "odom", expected "lidar_link"'],
  ])("%s to %s, and a lidar in %s, stands, and says why (K1)", async (frameId, childFrameId, lidar, what, fault) => {
    await using patroller = await testModule(FencePatrol);
    await patroller.start();
    await patroller.publish("odom", odometry(1.2, 1.2));
    const result = patroller.module.patrol({ rounds: 1 });
    await patroller.clock.advance(600);
    for (let i = 0; i < 60; i++) {
      const header = { stamp: { sec: 0, nsec: 0 }, frameId };
      await patroller.publish("odom", { ...odometry(1.2, 1.2), header, childFrameId });
      await patroller.publish("lidar", cloud(lidar));
      await patroller.clock.advance(100);
    }
    expect(await result).toMatchObject({
      status: "blocked",
      error: expect.stringContaining(`The ${what} cannot be used: ${fault}`),
    });
    expect(patroller.published("cmdVel").every(({ linear }) => linear.x === 0)).toBe(true);
  });
});

describe("FencePatrol whose lidar sees nothing", () => {
  const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
  const header = { stamp: { sec: 0, nsec: 0 }, frameId: "lidar_link" };

  it.each([
    ["no point", []],
    ["only points of NaN", [nan, nan, nan, nan, nan, nan]],
    ["only points of infinity", [inf, 0, 0, inf, inf, 0]],
    ["only points in the lidar itself", [0, 0, 0, 0, 0, 0]],
  ])("stands, though scans go on to come, with %s, and says so", async (_, blind) => {
    await using patroller = await testModule(FencePatrol);
    await patroller.start();
    const live = async (xyz: readonly number[], periods: number) => {
      for (let i = 0; i < periods; i++) {
        await patroller.publish("odom", odometry(1.2, 1.2));
        await patroller.publish("lidar", { header, xyz: Float32Array.from(xyz) });
        await patroller.clock.advance(100);
      }
    };
    const commands = () => patroller.published("cmdVel");
    const result = patroller.module.patrol({ rounds: 1 });
    await live([8, 0, 0], 5);
    expect(commands().at(-1)?.linear.x).toBeGreaterThan(0.3);
    const { length } = commands();
    await live(blind, 62);
    expect(await result).toEqual({
      ...{ status: "blocked", corners: 0, moved: 0 },
      error: expect.stringMatching(/^The lidar sees nothing\. .*look whether it is covered/),
    });
    const standing = commands().findIndex(({ linear }, i) => i >= length && linear.x === 0);
    expect(standing - length).toBeLessThanOrEqual(5);
    expect(commands().slice(standing)).toEqual(
      commands()
        .slice(standing)
        .fill(commands().at(-1) as never),
    );
  });

  it("does not turn either", async () => {
    await using patroller = await testModule(FencePatrol, { config: { corners: [1, 2].map((y) => ({ x: 1.2, y })) } });
    await patroller.start();
    const result = patroller.module.patrol({ rounds: 1 });
    for (let i = 0; i < 60; i++) {
      await patroller.publish("odom", odometry(1.2, 1.5));
      await patroller.publish("lidar", { header, xyz: new Float32Array() });
      await patroller.clock.advance(100);
    }
    expect(await result).toMatchObject({ status: "blocked" });
    expect(patroller.published("cmdVel").every(({ linear, angular }) => linear.x === 0 && angular.z === 0)).toBe(true);
  });
});

describe("FencePatrol whose odometry is from before", () => {
  it("counts no corner as reached by it, and says that none comes", async () => {
    await using patroller = await testModule(FencePatrol, {
      config: { corners: [1.2, 1.3].map((x) => ({ x, y: 1.2 })) },
    });
    await patroller.start();
    await patroller.publish("odom", odometry(1.2, 1.2));
    await patroller.clock.advance(5000);
    const result = patroller.module.patrol({ rounds: 1 });
    await patroller.clock.advance(6000);
    expect(await result).toEqual({ status: "blocked", corners: 0, moved: 0, error: "No odometry comes." });
  });
});

describe("FencePatrol, when the host's clock is set while it drives", () => {
  const hostNow = Date.now;
  afterEach(() => void vi.restoreAllMocks());

  it.each([-3_600_000, -600_000, 3_600_000])(
    "by %i ms, stops half a second after the last scan, and does not drive blind (K2)",
    async (byMs) => {
      await using app = new Dimos({ nWorkers: 0, consoleLevel: "silent" });
      await app.run(FencePatrol.blueprint());
      let speed = 0;
      let commands = 0;
      await app.subscribe("cmdVel", (command) => {
        speed = (command as { linear: { x: number } }).linear.x;
        commands++;
      });
      const header = { stamp: { sec: 0, nsec: 0 }, frameId: "lidar_link" };
      let lookedMs = 0;
      const look = () => {
        lookedMs = performance.now();
        return app.publish("lidar", { header, xyz: Float32Array.of(8, 0, 0) });
      };
      const locating = setInterval(() => void app.publish("odom", odometry(1.2, 1.2)).catch(() => {}), 50);
      await look();
      const patrolled = app.skills.patrol({ rounds: 1 });
      const sees = async () => {
        await look();
        return speed;
      };
      await expect.poll(sees).toBeGreaterThan(0.3);
      // The last scan has arrived.
      const commanded = commands;
      await expect.poll(() => commands).toBeGreaterThan(commanded + 1);
      vi.spyOn(Date, "now").mockImplementation(() => hostNow() + byMs);
      // Nothing more comes from the lidar, while odometry says that the rover is where it was.
      await expect.poll(() => speed).toBe(0);
      expect(performance.now() - lookedMs).toBeGreaterThan(500);
      expect(await patrolled).toMatchObject({ status: "blocked", error: "Nothing comes from the lidar." });
      clearInterval(locating);
    },
  );
});

describe("FencePatrol whose odometry is not finite", () => {
  it("stands, and says why, instead of driving on by the last one (K1)", async () => {
    await using patroller = await testModule(FencePatrol, { validate: false });
    await patroller.start();
    const header = { stamp: { sec: 0, nsec: 0 }, frameId: "lidar_link" };
    const live = async (x: number, seconds: number) => {
      for (let i = 0; i < seconds * 10; i++) {
        await patroller.publish("odom", odometry(x, 1.2));
        await patroller.publish("lidar", { header, xyz: Float32Array.of(8, 0, 0) });
        await patroller.clock.advance(100);
      }
    };
    await live(1.2, 0.1);
    const result = patroller.module.patrol({ rounds: 1 });
    await live(1.2, 1);
    expect(patroller.published("cmdVel").at(-1)?.linear.x).toBeGreaterThan(0.3);
    await live(Number.NaN, 7);
    expect(await result).toMatchObject({
      status: "blocked",
      moved: 0,
      error: "The odometry cannot be used: pose.pose.position.x is NaN.",
    });
    const walked = patroller.published("cmdVel").filter(({ linear }) => linear.x !== 0);
    expect(walked.length).toBeLessThanOrEqual(16);
    expect(patroller.published("cmdVel").every(({ angular }) => Number.isFinite(angular.z))).toBe(true);
  });
});

describe("FencePatrol on its way", () => {
  const header = { stamp: { sec: 0, nsec: 0 }, frameId: "lidar_link" };
  const turned = (yaw: number) => {
    const here = odometry(5, 6.8);
    const orientation = { x: 0, y: 0, z: Math.sin(yaw / 2), w: Math.cos(yaw / 2) };
    return { ...here, pose: { pose: { ...here.pose.pose, orientation } } };
  };

  it.each([0.3, -0.3])("stops for what stands ahead, %d m to the left of its middle", async (y) => {
    await using patroller = await testModule(FencePatrol);
    await patroller.start();
    await patroller.publish("odom", odometry(1.2, 1.2));
    await patroller.publish("lidar", { header, xyz: Float32Array.of(0.5, y, 0) });
    const abort = new AbortController();
    const result = patroller.module.patrol({ rounds: 1 }, { signal: abort.signal });
    await patroller.clock.advance(300);
    expect(patroller.published("cmdVel").length).toBeGreaterThan(0);
    expect(patroller.published("cmdVel").every(({ linear }) => linear.x === 0)).toBe(true);
    abort.abort();
    await patroller.clock.advance(0);
    await result.catch(() => undefined);
  });

  it("turns the short way, and halts as soon as it is aborted", async () => {
    await using patroller = await testModule(FencePatrol, { config: { corners: Array(2).fill({ x: 1, y: 6.7 }) } });
    await patroller.start();
    // The corner lies behind it, a little to the left, and it faces back, a little to the right.
    await patroller.publish("odom", turned(Math.PI - 0.2));
    await patroller.publish("lidar", { header, xyz: Float32Array.of(8, 0, 0) });
    const abort = new AbortController();
    const result = patroller.module.patrol({ rounds: 1 }, { signal: abort.signal });
    await patroller.clock.advance(200);
    const { linear, angular } = patroller.published("cmdVel").at(-1) ?? {};
    expect(angular?.z).toBeCloseTo(0.45, 1);
    expect(linear?.x).toBeGreaterThan(0.3);
    abort.abort();
    await patroller.clock.advance(0);
    await result.catch(() => undefined);
    expect(patroller.published("cmdVel").at(-1)).toMatchObject({ linear: { x: 0 }, angular: { z: 0 } });
  });
});

describe("the blueprint", () => {
  it("drives round the yard without touching anything", async () => {
    await using app = new Dimos({ nWorkers: 0, clock: "simulation", consoleLevel: "silent" });
    await app.run(patrol);
    const skills = app.listModules().flatMap(({ description }) => description.skills);
    expect(skills.map(({ name, uses }) => [name, uses])).toEqual([["patrol", ["movement"]]]);
    const steps: unknown[] = [];
    const { status, corners, moved } = await app.skills.patrol(
      { rounds: 1 },
      { onProgress: (step) => steps.push(step) },
    );
    const { pose, bumps, smallestGap } = await app.RoverConnection.truth();
    expect({ status, corners, bumps, steps: steps.length }).toEqual({
      status: "reached",
      corners: 4,
      bumps: 0,
      steps: 4,
    });
    expect(moved).toBeGreaterThan(29);
    expect(moved).toBeLessThan(33);
    expect(smallestGap).toBeGreaterThan(0.5);
    expect(Math.hypot(pose.x - 1.2, pose.y - 1.2)).toBeLessThan(0.3);
  });
});

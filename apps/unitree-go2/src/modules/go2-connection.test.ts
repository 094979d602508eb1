import { fileURLToPath } from "node:url";
import { testModule } from "@dimos/core/testing";
import { secondsFromTime, TransformBuffer, yawFromQuaternion } from "@dimos/msgs";
import { describe, expect, test } from "vitest";
import { Go2Connection } from "./go2-connection.ts";

const forward = (x: number) => ({ linear: { x, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } });
const stampsOf = (messages: readonly { header: { stamp: { sec: number; nsec: number } } }[]) =>
  messages.map((message) => secondsFromTime(message.header.stamp));

/** A connection in its simulation, standing at (2, 5.2) in the office. */
async function connected(config: Record<string, unknown> = {}) {
  const robot = await testModule(Go2Connection, { config: { cameraHz: 0, ...config } });
  await robot.start();
  return robot;
}

describe("where a simulated Go2 starts", () => {
  const startOf = async (config: Record<string, unknown>) => {
    await using robot = await connected(config);
    const { pose } = await robot.module.groundTruth();
    return pose;
  };

  test("is as the world says, or as the settings do", async () => {
    expect(await startOf({})).toEqual({ x: 2, y: 5.2, yaw: 0 });
    expect(await startOf({ startX: 14, startYawDegrees: 90 })).toEqual({ x: 14, y: 5.2, yaw: Math.PI / 2 });
    expect(await startOf({ startYawDegrees: -90 })).toEqual({ x: 2, y: 5.2, yaw: -Math.PI / 2 });
  });

  test.each([
    [{ startX: 8, startY: 5 }, /The start pose \(x 8\.00, y 5\.00\) is inside an obstacle \(pillar\)/],
    [{ startX: -1 }, /is off the floor/],
    [{ startX: Number.POSITIVE_INFINITY }, /startX/],
  ])("is refused where there is no room: %o", async (config, message) => {
    await expect(connected(config)).rejects.toThrow(message);
  });
});

describe("robots that share a world", () => {
  const neighbour = { instance: "robot1/Go2Connection", world: "office", stamp: 0, height: 0.3, traffic: [] };

  test("know the others as long as they are heard of, and not themselves", async () => {
    await using robot = await connected();
    const { gap } = await robot.module.groundTruth();
    const heard = () => robot.publish("robotBodies", { ...neighbour, pose: { x: 2.9, y: 5.2, yaw: 0 } });
    await heard();
    await robot.clock.advance(40);
    expect((await robot.module.groundTruth()).gap).toBeCloseTo(0.4, 6);
    await robot.publish("robotBodies", { ...neighbour, instance: "Go2Connection", pose: { x: 2, y: 5.2, yaw: 0 } });
    await robot.clock.advance(3000);
    expect((await robot.module.groundTruth()).gap).toBeCloseTo(gap, 6);
    expect(robot.logged.at(-1)).toMatch(/^warn: Nothing has been heard of robot1\/Go2Connection for 2 s/);
  });
});

describe("what a simulated Go2 reports", () => {
  test("comes at the rates of the real robot, in simulation time", async () => {
    await using robot = await connected({ cameraHz: 5 });
    await robot.clock.advance(2000);
    const counts = (["odom", "tf", "trueOdom", "imu", "lidar", "colorImage", "battery", "cameraInfo"] as const).map(
      (port) => [port, robot.published(port).length],
    );
    expect(Object.fromEntries(counts)).toEqual({
      odom: 101,
      tf: 101,
      trueOdom: 101,
      imu: 100,
      lidar: 21,
      colorImage: 11,
      battery: 3,
      cameraInfo: 1,
    });
    expect(stampsOf(robot.published("lidar")).slice(0, 3)).toEqual([0, 0.1, 0.2]);
  });

  test("is given in the frames of the instance's namespace", async () => {
    await using robot = await testModule(Go2Connection, { instanceName: "robot0/Go2Connection" });
    await robot.start();
    await robot.clock.advance(20);
    expect(robot.published("odom")[0]).toMatchObject({
      header: { frameId: "robot0/odom" },
      childFrameId: "robot0/base_link",
    });
    expect(robot.published("trueOdom")[0]).toMatchObject({
      header: { frameId: "world" },
      childFrameId: "robot0/base_link",
    });
    expect(robot.published("lidar")[0]?.header.frameId).toBe("robot0/lidar_link");
    expect(robot.published("colorImage")[0]?.header.frameId).toBe("robot0/camera_optical");
    expect(robot.published("cameraInfo")[0]?.header.frameId).toBe("robot0/camera_optical");
    expect(robot.published("imu")[0]?.header.frameId).toBe("robot0/base_link");
  });

  test("has a tree of frames in which the camera looks forward", async () => {
    await using robot = await connected();
    const frames = new TransformBuffer();
    for (const message of robot.published("tf")) frames.add(message);
    const { translation, rotation } = frames.lookup("odom", "camera_optical", 0);
    expect(translation.x).toBeCloseTo(2.3, 9);
    expect(translation.y).toBeCloseTo(5.2, 9);
    expect(translation.z).toBeCloseTo(0.38, 9);
    expect(rotation).toEqual({ x: -0.5, y: 0.5, z: -0.5, w: 0.5 });
  });

  test("is the same in every run with one seed, and another with another", async () => {
    const scan = async (seed: number) => {
      await using robot = await connected({ seed });
      return robot.published("lidar")[0]?.xyz;
    };
    expect(await scan(4)).toEqual(await scan(4));
    expect(await scan(4)).not.toEqual(await scan(5));
  });

  test("has an odometry that drifts when asked to, and a ground truth that does not", async () => {
    const walked = async (odometryDrift: number) => {
      await using robot = await connected({ odometryDrift });
      for (let i = 0; i < 40; i++) {
        await robot.publish("cmdVel", forward(0.5));
        await robot.clock.advance(100);
      }
      const believed = robot.published("odom").at(-1)?.pose.pose.position;
      const truth = robot.published("trueOdom").at(-1)?.pose.pose.position;
      return { believed, truth };
    };
    const exact = await walked(0);
    expect(exact.believed).toEqual(exact.truth);
    const drifting = await walked(0.05);
    expect(drifting.truth).toEqual(exact.truth);
    expect(drifting.believed).not.toEqual(drifting.truth);
  });
});

describe("motion", () => {
  test("follows velocities, and stands 0.6 s after the last (I1)", async () => {
    await using robot = await connected();
    for (let i = 0; i < 10; i++) {
      await robot.publish("cmdVel", forward(0.5));
      await robot.clock.advance(100);
    }
    expect(robot.published("odom").at(-1)?.twist.twist.linear.x).toBeCloseTo(0.5, 2);
    // The last command is 0.1 s old by now.
    await robot.clock.advance(500);
    expect(robot.published("odom").at(-1)?.twist.twist.linear.x).toBe(0);
  });

  test("never comes from a number that is not finite", async () => {
    await using robot = await connected();
    const { pose } = await robot.module.groundTruth();
    await expect(robot.module.move(Number.NaN, 0, 0)).rejects.toThrow(
      "move(NaN, 0, 0) is not a velocity, the robot stops. Send finite numbers.",
    );
    await expect(robot.module.move(0.5, Number.POSITIVE_INFINITY, 0)).rejects.toThrow(/not a velocity/);
    await robot.clock.advance(1000);
    expect((await robot.module.groundTruth()).pose).toEqual(pose);
  });

  test("stops when a command that is not finite follows a good one", async () => {
    await using robot = await connected();
    await robot.module.move(0.5, 0, 0);
    await robot.clock.advance(300);
    await expect(robot.module.move(Number.NaN, 0, 0)).rejects.toThrow(/the robot stops/);
    await robot.clock.advance(600);
    expect(robot.published("odom").at(-1)?.twist.twist.linear.x).toBeLessThan(0.01);
  });

  test("needs a robot that stands", async () => {
    await using robot = await connected();
    await robot.module.liedown();
    await robot.clock.advance(1200);
    expect(await robot.module.move(0.5, 0, 0)).toBe(false);
    await robot.module.standup();
    await robot.clock.advance(1200);
    expect(await robot.module.move(0.5, 0, 0)).toBe(true);
  });

  test("says once in the log that it cannot follow the stream of velocities, because it does not stand", async () => {
    await using robot = await connected();
    const warnings = () => robot.logged.filter((line) => line.includes("Call Go2Connection.standup"));
    await robot.publish("cmdVel", forward(0.5));
    await robot.module.liedown();
    await robot.clock.advance(1200);
    await robot.publish("cmdVel", forward(0));
    expect(warnings()).toEqual([]);
    for (let i = 0; i < 3; i++) await robot.publish("cmdVel", forward(0.5));
    expect(warnings()).toHaveLength(1);
  });

  test("ends at a wall with a bump that is counted and logged", async () => {
    await using robot = await connected();
    await robot.module.addObstacle({ x: 3, y: 5.2, label: "crate" });
    for (let i = 0; i < 40; i++) {
      await robot.module.move(0.5, 0, 0);
      await robot.clock.advance(100);
    }
    const { collisions, pose, gap } = await robot.module.groundTruth();
    expect(collisions).toBe(1);
    expect(pose.x).toBeCloseTo(2.5, 1);
    expect(gap).toBeLessThan(0.02);
    expect(robot.logged.join("\n")).toMatch(/warn: The simulated robot ran into an obstacle \(crate\) at x 2\.\d\d/);
  });
});

describe("what halts the robot", () => {
  const speed = (robot: Awaited<ReturnType<typeof connected>>) =>
    robot.published("trueOdom").at(-1)?.twist.twist.linear.x ?? Number.NaN;
  /** Walks, and has just been told to go on for another half second. */
  const walking = async () => {
    const robot = await connected();
    for (let i = 0; i < 6; i++) {
      await robot.module.move(0.5, 0, 0);
      await robot.clock.advance(100);
    }
    await robot.module.move(0.5, 0, 0);
    expect(speed(robot)).toBeGreaterThan(0.45);
    return robot;
  };

  test("the loss of what sends velocities brakes it at once, and the next velocity moves it", async () => {
    await using robot = await walking();
    robot.module.cmdVel.loseSource({ instance: "MovementManager", reason: "its worker was ended by SIGKILL" });
    await robot.clock.advance(400);
    expect(speed(robot)).toBeLessThan(0.05);
    expect(await robot.module.move(0.5, 0, 0)).toBe(true);
  });

  const began = { phase: "began", reason: "the coordinator did not answer" } as const;
  const ended = { phase: "ended", reason: "", heldMs: 100, isCancelled: false } as const;

  test.each([
    ["an emergency stop", (robot) => robot.estop("test"), (robot) => robot.estop()],
    ["a hold", (robot) => robot.hold(began), (robot) => robot.hold(ended)],
  ] satisfies [
    string,
    (robot: Awaited<ReturnType<typeof connected>>) => Promise<void>,
    (robot: Awaited<ReturnType<typeof connected>>) => Promise<void>,
  ][])("%s brakes it at once, and nothing moves it until that is over (I5)", async (_what, halt, release) => {
    await using robot = await walking();
    await halt(robot);
    await robot.clock.advance(120);
    expect(speed(robot)).toBe(0);
    const { pose } = await robot.module.groundTruth();
    for (let i = 0; i < 3; i++) {
      expect(await robot.module.move(0.5, 0, 0)).toBe(false);
      await robot.publish("cmdVel", forward(0.5));
      await robot.clock.advance(100);
    }
    await release(robot);
    await robot.clock.advance(1000);
    expect((await robot.module.groundTruth()).pose).toEqual(pose);
    await robot.publish("cmdVel", forward(0.5));
    await robot.clock.advance(300);
    expect(speed(robot)).toBeGreaterThan(0.3);
  });

  test("the end of a hold does not let it move while the emergency stop is latched, nor the other way round (I5)", async () => {
    await using robot = await connected();
    const moves = () => robot.module.move(0.5, 0, 0);
    await robot.hold(began);
    await robot.estop("test");
    await robot.hold(ended);
    expect(await moves()).toBe(false);
    await robot.hold(began);
    await robot.estop();
    expect(await moves()).toBe(false);
    await robot.hold(ended);
    expect(await moves()).toBe(true);
  });

  test("it does not follow a velocity that has been on its way for longer than half a second", async () => {
    await using robot = await connected();
    const nowMs = Number(process.hrtime.bigint() / 1_000_000n);
    robot.module.cmdVel.push(forward(0.5), nowMs - 60_000);
    await robot.clock.advance(400);
    expect(speed(robot)).toBe(0);
    robot.module.cmdVel.push(forward(0.5), nowMs);
    await robot.clock.advance(400);
    expect(speed(robot)).toBeGreaterThan(0.3);
  });
});

describe("skills of the robot itself", () => {
  test("observe draws a picture now, also without a stream of them", async () => {
    await using robot = await connected();
    const picture = await robot.module.observe();
    expect(picture).toMatchObject({ mimeType: "image/png", width: 640, height: 360 });
    expect([...picture.data.subarray(1, 4)]).toEqual([...Buffer.from("PNG")]);
    expect(robot.published("colorImage")).toEqual([]);
  });

  test("batteryStateOfCharge tells what is left", async () => {
    await using robot = await connected();
    await robot.clock.advance(60_000);
    const { percent, voltage } = await robot.module.batteryStateOfCharge();
    expect(percent).toBeGreaterThan(99);
    expect(percent).toBeLessThan(100);
    expect(voltage).toBeGreaterThan(30);
  });
});

describe("obstacles for tests", () => {
  test("appear in front of the lidar and go again", async () => {
    await using robot = await connected();
    const nearestAhead = () => {
      const xyz = robot.published("lidar").at(-1)?.xyz ?? new Float32Array();
      let nearest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < xyz.length; i += 3) {
        const [x, y, z] = [xyz[i] as number, xyz[i + 1] as number, xyz[i + 2] as number];
        if (x > 0 && Math.abs(y) < 0.05 && z > -0.3) nearest = Math.min(nearest, x);
      }
      return nearest;
    };
    const free = nearestAhead();
    const id = await robot.module.addObstacle({ x: 3.5, y: 5.2 });
    await robot.clock.advance(200);
    expect(nearestAhead()).toBeCloseTo(1.25, 1);
    expect(await robot.module.removeObstacle(id)).toBe(true);
    expect(await robot.module.removeObstacle(id)).toBe(false);
    await robot.clock.advance(200);
    expect(nearestAhead()).toBeCloseTo(free, 1);
  });

  test("are refused where the robot stands, and when they are none", async () => {
    await using robot = await connected();
    await expect(robot.module.addObstacle({ x: 2, y: 5.2 })).rejects.toThrow(/With the new obstacle \(box\) the robot/);
    await expect(robot.module.addObstacle({ x: Number.NaN, y: 1 })).rejects.toThrow(/This is not an obstacle:.*x/s);
  });
});

describe("settings that cannot be", () => {
  const start = async (config: Record<string, unknown>) => {
    await using robot = await testModule(Go2Connection, { config });
    await robot.start();
  };

  test("an address of a real robot", async () => {
    await expect(start({ robotIp: "192.168.12.1" })).rejects.toThrow(
      "There is no driver for a real Go2 yet, so 192.168.12.1 cannot be connected to. Leave robotIp out to simulate the robot.",
    );
  });

  test("a world that does not exist", async () => {
    await expect(start({ world: "ofice" })).rejects.toThrow(
      /Unknown world "ofice"\. Known worlds: apartment, maze, office, warehouse/,
    );
  });

  test.each([
    ["malformed.json", /World file .*malformed\.json is malformed:/],
    ["not-json.txt", /World file .*not-json\.txt is not JSON/],
    ["start-in-wall.json", /The start pose of world .* is inside an obstacle \(wall\)/],
    ["missing.json", /Cannot read the world file/],
  ])("a world file that is no good: %s", async (file, reason) => {
    await expect(
      start({ world: fileURLToPath(new URL(`../../test/worlds/${file}`, import.meta.url)) }),
    ).rejects.toThrow(reason);
  });

  test.each([{ cameraHz: Number.NaN }, { odometryDrift: -1 }, { seed: 0.5 }])("%o", async (config) => {
    await expect(testModule(Go2Connection, { config })).rejects.toThrow(/config of Go2Connection/);
  });
});

test("says in one line that the robot is simulated, and where", async () => {
  await using robot = await connected({ world: "apartment" });
  expect(robot.logged).toEqual(['info: Connected to a simulated Go2 in the world "apartment"']);
  const start = robot.published("odom")[0]?.pose.pose;
  expect(yawFromQuaternion(start?.orientation ?? { x: 0, y: 0, z: 0, w: 1 })).toBeTypeOf("number");
});

describe("numbers that are not finite", () => {
  test("a velocity of NaN halts the robot at once, before the one before it has run out (K1)", async () => {
    await using robot = await testModule(Go2Connection, { config: { cameraHz: 0 }, validate: false });
    await robot.start();
    const speed = () => robot.published("odom").at(-1)?.twist.twist.linear.x;
    await robot.publish("cmdVel", forward(0.5));
    await robot.clock.advance(450);
    expect(speed()).toBeGreaterThan(0.4);
    await robot.publish("cmdVel", forward(0.5));
    await robot.publish("cmdVel", forward(Number.NaN));
    await robot.clock.advance(440);
    expect(speed()).toBeLessThan(0.1);
    expect(robot.logged.filter((line) => line.startsWith("warn"))).toEqual([
      "warn: Go2Connection leaves out a message on /cmdVel: linear.x is NaN",
    ]);
    await expect(robot.module.move(Number.NaN, 0, 0)).rejects.toMatchObject({ code: "BAD_COMMAND" });
  });

  test("another robot that is nowhere is not put into the world", async () => {
    await using robot = await testModule(Go2Connection, { config: { cameraHz: 0 }, validate: false });
    await robot.start();
    const { gap } = await robot.module.groundTruth();
    const neighbour = { instance: "robot1/Go2Connection", world: "office", stamp: 0, height: 0.3, traffic: [] };
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY])
      await robot.publish("robotBodies", { ...neighbour, pose: { x, y: 5.2, yaw: 0 } });
    await robot.clock.advance(200);
    expect((await robot.module.groundTruth()).gap).toBeCloseTo(gap, 6);
  });
});

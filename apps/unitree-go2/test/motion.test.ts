import { fileURLToPath } from "node:url";
import type { Dimos } from "@dimos/porcelain";
import { describe, expect, test } from "vitest";
import { planarDistance } from "../src/planar-pose.ts";
import { RunRecorder } from "./run-recorder.ts";
import { runSimulated } from "./simulated-run.ts";

const WALL_AHEAD = fileURLToPath(new URL("worlds/wall-ahead.json", import.meta.url));

const truthOf = (app: Dimos) => app.Go2Connection.groundTruth();
const walked = async (app: Dimos) => {
  const { start, pose } = await truthOf(app);
  return planarDistance(start, pose);
};
/** What progress says of the way that is left, metres. */
const left = (progress: unknown) => (progress as { readonly distanceLeft: number }).distanceLeft;

describe("relativeMove", () => {
  test("stops in front of a wall, says so, and says how far it came (I4)", async () => {
    await using app = await runSimulated({ world: WALL_AHEAD });
    const result = await app.skills.relativeMove({ forward: 5 });
    const { collisions, smallestClearance } = await truthOf(app);
    expect(result).toMatchObject({ status: "blocked", error: expect.stringMatching(/in the way|near to an obstacle/) });
    expect(Math.abs(result.moved - (await walked(app)))).toBeLessThan(0.1);
    expect(result.moved).toBeGreaterThan(1.4);
    expect(collisions).toBe(0);
    expect(smallestClearance).toBeGreaterThan(0.15);
  });

  test("goes forward, sideways, backwards, and turns", async () => {
    await using app = await runSimulated({ world: "office" });
    const at = async () => (await truthOf(app)).pose;
    const from = await at();
    expect(await app.skills.relativeMove({ forward: 1, left: -0.5 })).toMatchObject({ status: "reached" });
    const there = await at();
    expect(planarDistance(there, { x: from.x + 1, y: from.y - 0.5 })).toBeLessThan(0.2);
    expect(await app.skills.relativeMove({ forward: -1 })).toMatchObject({ status: "reached" });
    expect(planarDistance(await at(), there)).toBeGreaterThan(0.8);
    const turned = await app.skills.relativeMove({ degrees: 200 });
    expect(turned.status).toBe("reached");
    expect(Math.abs(turned.turnedDegrees - 200)).toBeLessThan(15);
    expect(turned.degreesLeft).toBeCloseTo(200 - turned.turnedDegrees, 9);
    expect((await truthOf(app)).collisions).toBe(0);
  });

  test("tells the distance that is left, less and less", async () => {
    await using app = await runSimulated({ world: "office" });
    const distances: number[] = [];
    await app.skills.relativeMove({ forward: 1.5 }, { onProgress: (progress) => distances.push(left(progress)) });
    expect(distances.length).toBeGreaterThan(20);
    expect(Math.max(...distances)).toBeCloseTo(1.5, 0);
    expect(distances.at(-1)).toBeLessThan(0.3);
  });

  test("goes on after its process was held up for three seconds", async () => {
    await using app = await runSimulated({ world: "office" });
    let isHeldUp = false;
    const onProgress = (progress: unknown) => {
      if (isHeldUp || left(progress) > 1.5) return;
      isHeldUp = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
    };
    expect(await app.skills.relativeMove({ forward: 2 }, { onProgress })).toMatchObject({ status: "reached" });
    expect(isHeldUp).toBe(true);
  });

  test("reports what drifting odometry measured, and still touches nothing", async () => {
    await using app = await runSimulated({ world: "office", odometryDrift: 0.03, seed: 2 });
    const { status, moved } = await app.skills.relativeMove({ forward: 3 });
    expect(status).toBe("reached");
    expect(Math.abs(moved - 3)).toBeLessThan(0.2);
    expect(Math.abs((await walked(app)) - 3)).toBeLessThan(0.4);
    expect((await truthOf(app)).collisions).toBe(0);
  });
});

describe("a move that is given up", () => {
  test("by its caller: the robot stands within 0.6 s, and the planner says how far it came (I2)", async () => {
    await using app = await runSimulated({ world: "office" });
    const recorder = app.getModule(RunRecorder);
    const abort = new AbortController();
    let abortedAt = Promise.resolve(Number.NaN);
    const onProgress = (progress: unknown) => {
      if (abort.signal.aborted || left(progress) > 2) return;
      abortedAt = recorder.seconds();
      abort.abort(new Error("changed my mind"));
    };
    const result = recorder.nextResult();
    await expect(app.skills.relativeMove({ forward: 4 }, { signal: abort.signal, onProgress })).rejects.toMatchObject({
      name: "CallAbortedError",
    });
    const { status, moved, error } = await result;
    expect({ status, error }).toEqual({ status: "cancelled", error: "The goal was cancelled." });
    expect(moved).toBeGreaterThan(1.5);
    expect(Math.abs(moved - (await walked(app)))).toBeLessThan(0.1);
    const stoodAfter = ((await recorder.stoodAt(await abortedAt)) ?? Number.NaN) - (await abortedAt);
    expect(stoodAfter).toBeGreaterThan(0);
    expect(stoodAfter).toBeLessThan(0.6);
  });

  test("by stopMovement: it returns once the robot stands, and the move says how far it came", async () => {
    await using app = await runSimulated({ world: "office" });
    let stop: Promise<unknown> | undefined;
    const result = await app.skills.relativeMove(
      { forward: 4 },
      {
        onProgress: (progress) => {
          if (left(progress) < 2.5) stop ??= app.skills.stopMovement();
        },
      },
    );
    expect(result).toMatchObject({ status: "cancelled", error: "The goal was cancelled." });
    expect(Math.abs(result.moved - (await walked(app)))).toBeLessThan(0.1);
    expect(await stop).toMatchObject({ hadGoal: true, status: "stopped" });
    expect(await app.skills.stopMovement()).toMatchObject({ hadGoal: false, status: "stopped" });
  });
});

describe("a box that appears on the path", () => {
  const moveWithBox = async (
    app: Dimos,
    box: { length: number; width: number },
    drive: "navigateTo" | "relativeMove",
  ) => {
    let added: Promise<number> | undefined;
    const onProgress = (progress: unknown) => {
      if (added !== undefined || left(progress) > 3.8) return;
      added = truthOf(app).then(({ pose }) =>
        app.Go2Connection.addObstacle({ x: pose.x + 0.9, y: pose.y, yaw: 0.1, ...box }),
      );
    };
    const { pose } = await truthOf(app);
    const result =
      drive === "navigateTo"
        ? await app.skills.navigateTo({ x: pose.x + 5, y: pose.y, yaw: 0 }, { onProgress })
        : await app.skills.relativeMove({ forward: 5 }, { onProgress });
    expect(await added).toBe(1);
    expect((await truthOf(app)).collisions).toBe(0);
    expect(Math.abs(result.moved - (await walked(app)))).toBeLessThan(0.1);
    return result;
  };

  test("is gone round on the way to a place", async () => {
    await using app = await runSimulated({ world: "office" });
    expect(await moveWithBox(app, { length: 0.5, width: 0.5 }, "navigateTo")).toMatchObject({ status: "reached" });
  });

  test("ends a relative move that it blocks", async () => {
    await using app = await runSimulated({ world: "office" });
    expect(await moveWithBox(app, { length: 0.3, width: 4 }, "relativeMove")).toMatchObject({
      status: "blocked",
      error: expect.stringMatching(/Something is in the way/),
    });
  });
});

describe("what cannot be done", () => {
  test("gets a truthful result or a clear error, and the robot does not move on it", async () => {
    await using app = await runSimulated({ world: "office" });
    const outside = await app.skills.navigateTo({ x: 60, y: 5 });
    expect(outside).toMatchObject({ status: "blocked", moved: 0, error: expect.stringMatching(/outside the map/) });
    await expect(app.skills.navigateTo({ x: Number.NaN, y: 5 })).rejects.toThrow(/x/);
    await expect(app.skills.relativeMove({ forward: Number.NaN })).rejects.toThrow(/forward/);
    await expect(app.skills.relativeMove({ forward: Number.POSITIVE_INFINITY })).rejects.toThrow(/forward/);
    await expect(app.ReplanningAStarPlanner.setGoal({ x: Number.NaN, y: 0 })).rejects.toThrow(
      /This is not a goal to drive to:.*x/s,
    );
    await expect(app.Go2Connection.move(Number.NaN, 0, 0)).rejects.toThrow(/is not a velocity/);
    expect(await walked(app)).toBe(0);
  });

  test("in an obstacle: goes to a safe place beside it, and calls that blocked", async () => {
    await using app = await runSimulated({ world: "office" });
    const result = await app.skills.navigateTo({ x: 8, y: 5 });
    expect(result).toMatchObject({ status: "blocked", error: expect.stringMatching(/too near to an obstacle/) });
    const { pose, collisions, travelled } = await truthOf(app);
    expect(Math.abs(result.distanceLeft - planarDistance(pose, { x: 8, y: 5 }))).toBeLessThan(0.1);
    // It looks at the pillar from all sides, once.
    expect(travelled).toBeLessThan(15);
    expect(collisions).toBe(0);
  });

  test("an unknown world ends the run with the names that are known", async () => {
    await expect(runSimulated({ world: "ofice" })).rejects.toThrow(
      /Unknown world "ofice"\. Known worlds: apartment, maze, office, warehouse/,
    );
  });
});

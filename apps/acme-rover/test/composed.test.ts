import { Dimos } from "@dimos/porcelain";
import { unitreeGo2Skills } from "@dimos/unitree-go2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { patrol } from "../src/index.ts";

describe("acme-rover.patrol with unitree-go2-skills, in the time of a simulation", () => {
  let app: Dimos;
  beforeEach(async () => {
    app = new Dimos({ nWorkers: 0, clock: "simulation", consoleLevel: "silent" });
    await app.run([patrol, unitreeGo2Skills]);
  });
  afterEach(() => app.stop());

  it("moves by the odometry of the rover (I4)", async () => {
    const { status, moved } = await app.skills.relativeMove({ forward: 2 });
    expect(status).toBe("reached");
    expect(moved).toBeGreaterThan(1.8);
    const { pose, bumps } = await app.RoverConnection.truth();
    expect(Math.hypot(pose.x - 1.2 - moved, pose.y - 1.2)).toBeLessThan(0.1);
    expect(bumps).toBe(0);
  });

  it("goes round the tree on a map that the rover's lidar made, and keeps the rover's own size from it", async () => {
    const { status, distanceLeft } = await app.skills.navigateTo({ x: 9.5, y: 6.3 });
    expect({ status, near: distanceLeft < 0.2 }).toEqual({ status: "reached", near: true });
    const { pose, bumps, smallestGap } = await app.RoverConnection.truth();
    expect(Math.hypot(pose.x - 9.5, pose.y - 6.3)).toBeLessThan(0.3);
    expect(bumps).toBe(0);
    expect(smallestGap).toBeGreaterThan(0.3);
  });

  it("stops before the fence, at a place that the rover has room for (I4)", async () => {
    const { status, moved, error } = await app.skills.relativeMove({ left: -0.9 });
    expect({ status, error }).toEqual({ status: "blocked", error: expect.stringContaining("too near to an obstacle") });
    const { pose, bumps, smallestGap } = await app.RoverConnection.truth();
    expect(1.2 - pose.y).toBeCloseTo(moved, 1);
    expect(bumps).toBe(0);
    expect(smallestGap).toBeGreaterThan(0.2);
  });

  it("cancels goal and patrol when the rover's own connection is started again on the way", async () => {
    const restart = () => app.restart("RoverConnection", { reloadSource: false });
    const patrolling = Promise.withResolvers<unknown>();
    const patrolled = app.skills.patrol({ rounds: 100 }, { onProgress: patrolling.resolve });
    await patrolling.promise;
    await restart();
    expect(await patrolled).toMatchObject({
      status: "cancelled",
      error: "RoverConnection was lost: it was restarted. The rover stops; ask again.",
    });
    const walking = Promise.withResolvers<unknown>();
    const walked = app.skills.navigateTo({ x: 9.5, y: 6.3 }, { onProgress: walking.resolve });
    await walking.promise;
    await restart();
    expect(await walked).toMatchObject({
      status: "cancelled",
      error: expect.stringMatching(/^RoverConnection, which the robot is driven through, was lost: it was restarted\./),
    });
  });

  it("lets one of patrol and relativeMove have the rover, and names it to the other (I3)", async () => {
    const abort = new AbortController();
    const { promise: underWay, resolve } = Promise.withResolvers<unknown>();
    // A round takes a fraction of a second here, and the second caller waits for more than one.
    const patrolling = app.skills.patrol({ rounds: 100 }, { signal: abort.signal, onProgress: resolve });
    await underWay;
    await expect(app.skills.relativeMove({ forward: 1 }, { timeoutMs: 2000 })).rejects.toMatchObject({
      code: "CAPABILITY_HELD",
      message: expect.stringContaining('"movement" is held by FencePatrol.patrol'),
    });
    abort.abort();
    await expect(patrolling).rejects.toMatchObject({ code: "CALL_ABORTED" });
    expect((await app.skills.navigateTo({ x: 9.5, y: 1.5 })).status).toBe("reached");
    expect((await app.RoverConnection.truth()).bumps).toBe(0);
  });
});

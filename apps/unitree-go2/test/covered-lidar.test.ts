import { autoconnect } from "@dimos/core";
import { Dimos } from "@dimos/porcelain";
import { expect, test } from "vitest";
import { Go2Connection, unitreeGo2Skills } from "../src/index.ts";
import { planarDistance } from "../src/planar-pose.ts";
import { CoveredLidar } from "./covered-lidar.ts";

test("a robot whose lidar is covered stops within 2 s, before what has come into its way, says why, and goes on later", async () => {
  await using app = new Dimos({ nWorkers: 0, clock: "simulation", consoleLevel: "silent" });
  await app.run(
    autoconnect(Go2Connection.blueprint({ cameraHz: 0 }), unitreeGo2Skills, CoveredLidar.blueprint()).remappings([
      [Go2Connection, "lidar", "bareLidar"],
      [Go2Connection, "trueOdom", "groundTruth"],
    ]),
  );
  const lidar = app.getModule(CoveredLidar);
  const { pose: start } = await app.Go2Connection.groundTruth();
  let covered: Promise<unknown> | undefined;
  const cover = async () => {
    const { pose } = await app.Go2Connection.groundTruth();
    await lidar.cover(true);
    await app.Go2Connection.addObstacle({ x: pose.x + 1.8, y: pose.y, length: 0.3, width: 2 });
    return pose;
  };
  const goal = { x: start.x + 5, y: start.y };
  const { status, error } = await app.skills.navigateTo(goal, {
    onProgress: (step) => {
      if ((step as { distanceLeft: number }).distanceLeft < 4) covered ??= cover();
    },
  });
  const { pose, collisions } = await app.Go2Connection.groundTruth();
  expect({ status, error, collisions }).toEqual({
    ...{ status: "blocked", collisions: 0 },
    error: expect.stringMatching(/^The map has not been renewed for 3 s: the lidar sees nothing/),
  });
  expect(planarDistance(pose, (await covered) as typeof pose)).toBeLessThan(1.1);
  await lidar.cover(false);
  expect(await app.skills.navigateTo(goal)).toMatchObject({ status: "reached" });
  expect((await app.Go2Connection.groundTruth()).collisions).toBe(0);
});

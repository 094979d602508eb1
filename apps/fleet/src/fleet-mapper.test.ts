import { testModule } from "@dimos/core/testing";
import { quaternionFromYaw, timeFromSeconds } from "@dimos/msgs";
import { expect, test } from "vitest";
import { FleetMapper } from "./fleet-mapper.ts";

test("maps a scan with points that are not finite without them, and says on which stream they came (K1)", async () => {
  await using mapper = await testModule(FleetMapper);
  await mapper.start();
  for (let i = 0; i < 4; i++) {
    const stamp = timeFromSeconds(i);
    const transform = { translation: { x: 0, y: 0, z: 0.3 }, rotation: quaternionFromYaw(Math.PI / 4) };
    const header = { stamp, frameId: "robot0/odom" };
    await mapper.publish("tf", { transforms: [{ header, childFrameId: "robot0/lidar_link", transform }] });
    const xyz = Float32Array.of(Number.POSITIVE_INFINITY, 0, 0, 2, 0, 0, Number.NaN, 0, 0);
    await mapper.publish("firstLidar", { header: { stamp, frameId: "robot0/lidar_link" }, xyz });
    await mapper.clock.advance(1000);
  }
  const map = mapper.published("fleetMap").at(-1);
  const { resolution, width, origin } = map?.info ?? { resolution: 0, width: 0, origin: { position: { x: 0, y: 0 } } };
  const cell = (of: "x" | "y") => Math.floor((2 * Math.SQRT1_2 - origin.position[of]) / resolution);
  expect(map?.data[cell("y") * width + cell("x")]).toBe(100);
  expect(mapper.logged).toEqual([
    "warn: Points on /firstLidar are left out: the xyz of 2 of 3 in a scan is not finite",
  ]);
});

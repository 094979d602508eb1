import { testModule } from "@dimos/core/testing";
import { quaternionFromYaw, timeFromSeconds } from "@dimos/msgs";
import { expect, it } from "vitest";
import { Gaze } from "./readme-frames.ts";

it("looks where the camera of the README looks", async () => {
  const link = (parent: string, child: string, x: number) => ({
    header: { stamp: timeFromSeconds(1), frameId: parent },
    childFrameId: child,
    transform: { translation: { x, y: 0, z: 0 }, rotation: quaternionFromYaw(0) },
  });
  await using gaze = await testModule(Gaze);
  await gaze.start();
  await gaze.module.mount(link("base_link", "camera_link", 0.3));
  await gaze.publish("tf", { transforms: [link("odom", "base_link", 2)] });
  expect((await gaze.module.ahead()).x).toBeCloseTo(3.3, 9);
});

import { quaternionFromYaw } from "@dimos/msgs";
import { expect, test } from "vitest";
import { mapOf } from "../../test/grid-drawing.ts";
import { SceneRecorder } from "./scene-recorder.ts";

/** Streams by name, in the hands of a test. */
class FakeStreams {
  readonly #callbacks = new Map<string, (message: unknown) => void>();

  subscribe = async (stream: string, callback: (message: unknown) => void) => {
    this.#callbacks.set(stream, callback);
    return () => void this.#callbacks.delete(stream);
  };

  send(stream: string, message: unknown): void {
    this.#callbacks.get(stream)?.(message);
  }

  robotAt(x: number, frameId = "odom"): void {
    const pose = { position: { x, y: 1, z: 0.3 }, orientation: quaternionFromYaw(0) };
    this.send("odom", { header: { frameId }, pose: { pose } });
  }

  pathOver(...xs: number[]): void {
    this.send("path", { header, poses: xs.map((x) => ({ pose: { position: { x, y: 1, z: 0 } } })) });
  }
}

const header = { frameId: "odom" };

/** Free floor, whose origin is turned by `yaw`. */
function floor(yaw = 0) {
  const { info, data } = mapOf(4, 2, 0.5, () => false);
  return { header, info: { ...info, origin: { ...info.origin, orientation: quaternionFromYaw(yaw) } }, data };
}

test("has map, robot, trail, and the way that is left", async () => {
  const streams = new FakeStreams();
  const recorder = await SceneRecorder.follow(streams);
  streams.robotAt(1);
  expect(recorder.scene).toBeUndefined();
  const costmap = floor();
  streams.send("globalCostmap", costmap);
  streams.pathOver(1, 1.5, 2, 2.5, 3);
  for (const x of [1.02, 1.2, 2.1]) streams.robotAt(x);
  const at = (...xs: number[]) => xs.map((x) => ({ x, y: 1 }));
  expect(recorder.scene).toEqual({
    costmap,
    robot: { x: 2.1, y: 1, yaw: 0 },
    trail: at(1, 1.2, 2.1),
    path: at(2, 2.5, 3),
    goal: { x: 3, y: 1 },
  });
  streams.pathOver();
  expect(recorder.scene?.goal).toEqual({ x: 3, y: 1 });
  recorder.stop();
  streams.robotAt(3);
  expect(recorder.scene?.robot.x).toBe(2.1);
});

test("leaves out what is not finite", async () => {
  const streams = new FakeStreams();
  const recorder = await SceneRecorder.follow(streams);
  streams.send("globalCostmap", floor());
  streams.robotAt(1);
  streams.robotAt(Number.NaN);
  streams.pathOver(1, 2);
  streams.pathOver(1, Number.POSITIVE_INFINITY);
  const map = floor();
  streams.send("globalCostmap", { ...map, info: { ...map.info, resolution: Number.NaN } });
  expect(recorder.scene).toMatchObject({ costmap: map, robot: { x: 1 }, goal: { x: 2 } });
});

test("leaves out a map that is turned, and what is not in the frame of the odometry", async () => {
  const streams = new FakeStreams();
  const recorder = await SceneRecorder.follow(streams);
  streams.robotAt(1);
  streams.send("globalCostmap", floor(1));
  streams.send("globalCostmap", { ...floor(), header: { frameId: "map" } });
  expect(recorder.scene).toBeUndefined();
  streams.send("globalCostmap", floor());
  streams.robotAt(3, "world");
  expect(recorder.scene?.robot.x).toBe(1);
});

import { DimosError } from "@dimos/core";
import { describe, expect, test } from "vitest";
import type { TransformStamped } from "./geometry.ts";
import { timeFromSeconds } from "./seconds.ts";
import { applyTransform, composeTransforms, invertTransform } from "./transform.ts";
import { TransformBuffer } from "./transform-buffer.ts";
import { quaternionFromYaw, yawFromQuaternion } from "./yaw.ts";

function link(parent: string, child: string, seconds: number, x: number, y: number, yaw: number): TransformStamped {
  return {
    header: { stamp: timeFromSeconds(seconds), frameId: parent },
    childFrameId: child,
    transform: { translation: { x, y, z: 0 }, rotation: quaternionFromYaw(yaw) },
  };
}

/** odom > base_link (moving) > camera_link and lidar_link (static). */
function robot(): TransformBuffer {
  const buffer = new TransformBuffer();
  buffer.add({ transforms: [link("odom", "base_link", 1, 0, 0, 0)] });
  buffer.add({ transforms: [link("odom", "base_link", 2, 2, 0, Math.PI / 2)] });
  buffer.add(
    {
      transforms: [link("base_link", "camera_link", 0, 0.3, 0, 0), link("base_link", "lidar_link", 0, 0, 0.1, Math.PI)],
    },
    { isStatic: true },
  );
  return buffer;
}

test("undoes a transform with its inverse", () => {
  const { transform } = link("a", "b", 0, 1, 2, 0.7);
  const { x, y, z } = applyTransform(composeTransforms(invertTransform(transform), transform), { x: 3, y: 4, z: 5 });
  expect([x, y, z].map((value) => value.toFixed(9))).toEqual(["3.000000000", "4.000000000", "5.000000000"]);
});

describe("lookup", () => {
  test("goes up the tree, to the newest time that all know", () => {
    const { translation, rotation } = robot().lookup("odom", "camera_link");
    expect(translation.x).toBeCloseTo(2, 9);
    expect(translation.y).toBeCloseTo(0.3, 9);
    expect(yawFromQuaternion(rotation)).toBeCloseTo(Math.PI / 2, 9);
  });

  test("goes down the tree, and from branch to branch", () => {
    expect(robot().lookup("camera_link", "odom").translation.x).toBeCloseTo(-0.3, 9);
    const { translation, rotation } = robot().lookup("lidar_link", "camera_link");
    expect(translation.x).toBeCloseTo(-0.3, 9);
    expect(translation.y).toBeCloseTo(0.1, 9);
    expect(Math.abs(yawFromQuaternion(rotation))).toBeCloseTo(Math.PI, 9);
  });

  test("interpolates between two times", () => {
    const { translation, rotation } = robot().lookup("odom", "base_link", 1.5);
    expect(translation.x).toBeCloseTo(1, 9);
    expect(yawFromQuaternion(rotation)).toBeCloseTo(Math.PI / 4, 9);
  });

  test("of a frame in itself is no transform", () => {
    expect(robot().lookup("odom", "odom").translation).toEqual({ x: 0, y: 0, z: 0 });
  });

  test("takes the shorter way round between headings", () => {
    const buffer = new TransformBuffer();
    buffer.add({ transforms: [link("odom", "base_link", 0, 0, 0, 3), link("odom", "base_link", 1, 0, 0, -3)] });
    expect(Math.abs(yawFromQuaternion(buffer.lookup("odom", "base_link", 0.5).rotation))).toBeCloseTo(Math.PI, 6);
  });
});

describe("what is missing", () => {
  test("is a frame that nothing was heard of", () => {
    expect(() => robot().lookup("map", "base_link")).toThrow(
      'No transform of frame "map" has come. Known frames: base_link, camera_link, lidar_link, odom.',
    );
    expect(() => new TransformBuffer().lookup("a", "b")).toThrow(/Known frames: none/);
    expect(() => robot().lookup("map", "base_link")).toThrow(DimosError);
    expect(() => robot().lookup("map", "base_link")).toThrow(expect.objectContaining({ code: "UNKNOWN_FRAME" }));
  });

  test("is the link between two trees", () => {
    const buffer = robot();
    buffer.add({ transforms: [link("map", "shelf", 1, 0, 0, 0)] });
    expect(() => buffer.lookup("shelf", "camera_link")).toThrow(
      '"camera_link" and "shelf" are not connected: the link between "odom" and "map" is missing.',
    );
  });

  test("is a time before or after what is known", () => {
    const say = 'The transform from "base_link" to "odom" is known from 1 s to 2 s, not at 3 s.';
    expect(() => robot().lookup("odom", "camera_link", 3)).toThrow(say);
    expect(() => robot().lookup("odom", "camera_link", 0.5)).toThrow(/not at 0.5 s/);
  });

  test("is what is older than ten seconds", () => {
    const buffer = robot();
    buffer.add({ transforms: [link("odom", "base_link", 12, 9, 0, 0)] });
    expect(() => buffer.lookup("odom", "base_link", 1.5)).toThrow(/known from 2 s to 12 s/);
  });
});

test("takes transforms that come late in their order, and the later of two for one time", () => {
  const buffer = robot();
  buffer.add({ transforms: [link("odom", "base_link", 1.5, 7, 0, 0)] });
  buffer.add({ transforms: [link("odom", "base_link", 1.5, 5, 0, 0)] });
  expect(buffer.lookup("odom", "base_link", 1.5).translation.x).toBe(5);
  expect(buffer.lookup("odom", "base_link").translation.x).toBe(2);
});

test("follows a frame to another parent", () => {
  const buffer = robot();
  buffer.add({ transforms: [link("map", "base_link", 3, 1, 1, 0)] });
  expect(buffer.lookup("map", "base_link").translation).toEqual({ x: 1, y: 1, z: 0 });
  expect(() => buffer.lookup("odom", "base_link")).toThrow(/No transform of frame "odom" has come/);
});

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

  test("interpolates between two times, nearer to the nearer one", () => {
    for (const [seconds, share] of [
      [1.5, 0.5],
      [1.25, 0.25],
    ] as const) {
      const { translation, rotation } = robot().lookup("odom", "base_link", seconds);
      expect(translation.x).toBeCloseTo(2 * share, 9);
      expect(yawFromQuaternion(rotation)).toBeCloseTo((share * Math.PI) / 2, 9);
    }
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

describe("when the clock that stamps transforms", () => {
  const HOUR_S = 3600;
  /** What a robot says at 50 Hz that walks 1 cm each time, from `seconds` on. */
  const walk = (buffer: TransformBuffer, seconds: number, fromX: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const transforms = [
        link("odom", "base_link", seconds + i * 0.02, fromX + i * 0.01, 0, 0),
        link("base_link", "lidar_link", seconds + i * 0.02, 0, 0, 0),
      ];
      buffer.add({ transforms });
    }
  };

  test.each([-HOUR_S, -600, -5, -0.5])(
    "is set by %d s, the newest one counts again after a tenth of a second (K2)",
    (byS) => {
      const warnings: string[] = [];
      const buffer = new TransformBuffer({ warn: (text) => warnings.push(text) });
      walk(buffer, 10_000, 0, 100);
      walk(buffer, 10_002 + byS, 1, 5);
      expect(buffer.lookup("odom", "lidar_link").translation.x).toBeCloseTo(1.04, 9);
      expect(buffer.lookup("odom", "lidar_link", 10_002.03 + byS).translation.x).toBeCloseTo(1.015, 9);
      expect(warnings).toEqual([
        expect.stringMatching(/^The stamps of the transforms of base_link, lidar_link have jumped back by \d+\.\d s: /),
      ]);
      walk(buffer, 10_002.1 + byS, 1.05, 100);
      expect(buffer.lookup("odom", "lidar_link").translation.x).toBeCloseTo(2.04, 9);
      expect(warnings.length).toBe(1);
    },
  );

  test("is set forward, and when one stamp lies far in the future, transforms go on (K2)", () => {
    const buffer = new TransformBuffer();
    walk(buffer, 10_000, 0, 100);
    walk(buffer, 10_002 + HOUR_S, 1, 1);
    expect(buffer.lookup("odom", "lidar_link").translation.x).toBe(1);
    walk(buffer, 10_002, 2, 5);
    expect(buffer.lookup("odom", "lidar_link").translation.x).toBeCloseTo(2.04, 9);
  });

  test("gives no time at all, that transform is refused and the others are kept in order", () => {
    const buffer = new TransformBuffer();
    walk(buffer, 10_000, 0, 100);
    for (const sec of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const broken = link("odom", "base_link", 0, 9, 0, 0);
      const transforms = [{ ...broken, header: { ...broken.header, stamp: { sec, nsec: 0 } } }];
      expect(() => buffer.add({ transforms })).toThrow(/header\.stamp\.sec is (NaN|Infinity)/);
    }
    walk(buffer, 10_002, 1, 1000);
    expect(buffer.lookup("odom", "base_link").translation.x).toBeCloseTo(10.99, 9);
    expect(() => buffer.lookup("odom", "base_link", 10_001)).toThrow(/known from 10011\.98 s to 10021\.98 s/);
  });
});

test("a rotation of another length is refused, and one that is nearly of unit length scales nothing (K1)", () => {
  const buffer = robot();
  const double = link("odom", "base_link", 3, 9, 0, 0);
  const add = (w: number) =>
    buffer.add({ transforms: [{ ...double, transform: { ...double.transform, rotation: { x: 0, y: 0, z: 0, w } } }] });
  for (const w of [0, 1.5]) expect(() => add(w)).toThrow(expect.objectContaining({ code: "NOT_UNIT_LENGTH" }));
  expect(() => add(1.5)).toThrow(
    "A transform is not taken in: transforms[0].transform.rotation (x 0, y 0, z 0, w 1.5) has length 1.5, expected 1; normalise it, identity is w = 1.",
  );
  expect(buffer.lookup("odom", "base_link").translation.x).toBe(2);
  add(1.0009);
  expect(applyTransform(buffer.lookup("odom", "base_link"), { x: 1000, y: 0, z: 0 }).x).toBeCloseTo(1009, 6);
});

test("does not take two sources of one frame, whose clocks differ, for a jump", () => {
  const warnings: string[] = [];
  const buffer = new TransformBuffer({ warn: (text) => warnings.push(text) });
  for (let i = 0; i < 100; i++) {
    buffer.add({ transforms: [link("odom", "base_link", 1000 + i, 1, 0, 0)] });
    buffer.add({ transforms: [link("odom", "base_link", 500 + i, 2, 0, 0)] });
  }
  expect(buffer.lookup("odom", "base_link").translation.x).toBe(1);
  expect(warnings).toEqual([]);
});

test("follows a frame to another parent", () => {
  const buffer = robot();
  buffer.add({ transforms: [link("map", "base_link", 3, 1, 1, 0)] });
  expect(buffer.lookup("map", "base_link").translation).toEqual({ x: 1, y: 1, z: 0 });
  expect(() => buffer.lookup("odom", "base_link")).toThrow(/No transform of frame "odom" has come/);
});

import { describe, expect, it } from "vitest";
import { z } from "zod";
import { BatteryState } from "./battery-state.ts";
import { finite } from "./finite.ts";
import { finitePoints } from "./finite-points.ts";
import { Imu } from "./imu.ts";
import { LaserScan } from "./laser-scan.ts";
import { OccupancyGrid } from "./occupancy-grid.ts";
import { Odometry } from "./odometry.ts";
import { Path } from "./path.ts";
import { PoseStamped } from "./pose-stamped.ts";
import { TFMessage } from "./tf-message.ts";
import { TransformBuffer } from "./transform-buffer.ts";
import { Twist } from "./twist.ts";

const header = { stamp: { sec: 1, nsec: 0 }, frameId: "odom" };
const zero = { x: 0, y: 0, z: 0 };
const orientation = { ...zero, w: 1 };
const pose = { position: zero, orientation };
const twist = { linear: zero, angular: zero };
const transform = { translation: zero, rotation: orientation };
const info = { mapLoadTime: header.stamp, resolution: 0.05, width: 1, height: 1, origin: pose };

const messages = {
  Imu: { header, orientation, angularVelocity: zero, linearAcceleration: zero },
  LaserScan: {
    ...{
      header,
      angleMin: 0,
      angleMax: 1,
      angleIncrement: 0.5,
      timeIncrement: 0,
      scanTime: 0,
      rangeMin: 0,
      rangeMax: 9,
    },
    ranges: Float32Array.of(1, Number.POSITIVE_INFINITY, Number.NaN),
  },
  OccupancyGrid: { header, info, data: Int8Array.of(0) },
  Odometry: { header, childFrameId: "base_link", pose: { pose }, twist: { twist } },
  Path: { header, poses: [{ header, pose }] },
  PoseStamped: { header, pose },
  TFMessage: { transforms: [{ header, childFrameId: "base_link", transform }] },
  Twist: twist,
};
const types = { Imu, LaserScan, OccupancyGrid, Odometry, Path, PoseStamped, TFMessage, Twist };

/** Each way to put a value in the place of one number of a message, with the path of that. */
function* spoiled(message: unknown, value: number, path = ""): Generator<readonly [path: string, message: unknown]> {
  if (typeof message === "number") yield [path.replace(/^\./, ""), value];
  if (typeof message !== "object" || message === null || ArrayBuffer.isView(message)) return;
  for (const [key, part] of Object.entries(message)) {
    const at = Array.isArray(message) ? `${path}[${key}]` : `${path}.${key}`;
    for (const [where, spoiledPart] of spoiled(part, value, at)) {
      const copy = Array.isArray(message) ? [...message] : { ...message };
      (copy as Record<string, unknown>)[key] = spoiledPart;
      yield [where, copy];
    }
  }
}

it.each(Object.keys(types) as (keyof typeof types)[])(
  "finds each number of %s that is not finite, and names it; a sound message passes",
  (name) => {
    const check = types[name].check as unknown as (message: unknown) => string | undefined;
    expect(check(messages[name])).toBeUndefined();
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const faults = [...spoiled(messages[name], value)];
      expect(faults.length).toBeGreaterThan(5);
      expect(faults.map(([, message]) => check(message))).toEqual(faults.map(([path]) => `${path} is ${value}`));
    }
  },
);

/** Each message with one of its rotations replaced, and the path of that. */
function* turned(message: unknown, rotation: object, path = ""): Generator<readonly [path: string, message: unknown]> {
  if (typeof message !== "object" || message === null || ArrayBuffer.isView(message)) return;
  if ("w" in message) yield [path.replace(/^\./, ""), rotation];
  for (const [key, part] of Object.entries(message)) {
    for (const [where, turnedPart] of turned(
      part,
      rotation,
      Array.isArray(message) ? `${path}[${key}]` : `${path}.${key}`,
    )) {
      const copy = Array.isArray(message) ? [...message] : { ...message };
      (copy as Record<string, unknown>)[key] = turnedPart;
      yield [where, copy];
    }
  }
}
const rotated = (["Imu", "OccupancyGrid", "Odometry", "Path", "PoseStamped", "TFMessage"] as const).map((name) => ({
  name,
}));

describe.each(rotated)("the rotations of $name", ({ name }) => {
  const check = types[name].check as unknown as (message: unknown) => string | undefined;
  const faults = (rotation: object) => [...turned(messages[name], rotation)].map(([, message]) => check(message));

  it("have unit length, or the message has a fault that says what to do (K1)", () => {
    const [[path]] = [...turned(messages[name], { ...zero, z: 1, w: 1 })] as [[string, unknown]];
    expect(faults({ ...zero, z: 1, w: 1 })).toEqual([
      `${path} (x 0, y 0, z 1, w 1) has length 1.4142, expected 1; normalise it, identity is w = 1`,
    ]);
    expect(faults({ ...zero, w: 1.0011 })).toEqual([
      `${path} (x 0, y 0, z 0, w 1.0011) has length 1.0011, expected 1; normalise it, identity is w = 1`,
    ]);
    expect(faults({ ...zero, w: 0.9989 })[0]).toContain("has length 0.9989, expected 1");
  });

  it("may be off by 0.001", () => {
    expect([1, 0.99901, 1.00099, -1].flatMap((w) => faults({ ...zero, w }))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("are not all zero, except where that says that an Imu does not estimate its orientation", () => {
    const [[path]] = [...turned(messages[name], zero)] as [[string, unknown]];
    const fault = `${path} (x 0, y 0, z 0, w 0) has length 0, expected 1; give a rotation, identity is w = 1`;
    expect(faults({ ...zero, w: 0 })).toEqual([name === "Imu" ? undefined : fault]);
  });
});

it("takes NaN in a field whose schema says that it means unknown, and infinity not", async () => {
  const full = { voltage: 28, current: -2, charge: 10, capacity: 15, percentage: 0.7 };
  const unknown = { voltage: 28, current: NaN, charge: NaN, capacity: NaN, percentage: NaN };
  for (const battery of [full, unknown]) {
    const message = { header, present: true, ...battery };
    expect(BatteryState.check?.(message)).toBeUndefined();
    expect(await BatteryState.schema["~standard"].validate(message)).toEqual({ value: message });
  }
  expect(BatteryState.check?.({ header, present: true, ...full, charge: Number.POSITIVE_INFINITY })).toBe(
    "charge is Infinity",
  );
  const check = finite(z.object({ range: z.number().meta({ unknown: "Infinity" }).optional() }));
  expect([{ range: Number.POSITIVE_INFINITY }, {}, { range: NaN }].map(check)).toEqual([
    undefined,
    undefined,
    "range is NaN",
  ]);
});

it("leaves points that are not finite out of a cloud, and does not write to the memory of the cloud", () => {
  const sound = Float32Array.of(1, 2, 3, -4, 5, -6);
  expect(finitePoints(sound)).toBe(sound);
  const spoilt = Float32Array.of(
    1,
    2,
    3,
    Number.POSITIVE_INFINITY,
    0,
    0,
    0,
    NaN,
    0,
    0,
    0,
    Number.NEGATIVE_INFINITY,
    7,
    8,
    9,
  );
  const before = spoilt.slice();
  expect(finitePoints(spoilt)).toEqual(Float32Array.of(1, 2, 3, 7, 8, 9));
  expect(spoilt).toEqual(before);
  expect(finitePoints(Float32Array.of(NaN, 0, 0))).toHaveLength(0);
});

it("a transform that is not finite never gets among those of a buffer, whose lookups would be wrong from then on", () => {
  const frames = new TransformBuffer();
  frames.add(messages.TFMessage);
  for (const [path, message] of spoiled(messages.TFMessage, NaN))
    expect(() => frames.add(message as TFMessage)).toThrow(`A transform is not taken in: ${path} is NaN.`);
  expect(frames.lookup("odom", "base_link")).toEqual(transform);
  expect(() => frames.lookup("odom", "base_link", NaN)).toThrow(/not at NaN s/);
});

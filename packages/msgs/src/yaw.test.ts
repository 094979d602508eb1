import { expect, test } from "vitest";
import { invertQuaternion, multiplyQuaternions, rotateVector, slerp } from "./rotation.ts";
import { quaternionFromYaw, yawFromQuaternion } from "./yaw.ts";

test("comes back as the same heading", () => {
  for (const yaw of [-3, -1.2, 0, 0.4, 3.1]) {
    expect(yawFromQuaternion(quaternionFromYaw(yaw))).toBeCloseTo(yaw, 12);
  }
});

test("reads the heading of a robot on a slope: of a rotation that also pitches", () => {
  const pitched = { x: 0, y: Math.sin(Math.PI / 12), z: 0, w: Math.cos(Math.PI / 12) };
  for (const yaw of [-2, -0.5, 1, Math.PI / 2, 3])
    expect(yawFromQuaternion(multiplyQuaternions(quaternionFromYaw(yaw), pitched))).toBeCloseTo(yaw, 12);
});

test("a quaternion that is nearly of unit length is normalised, wherever its value is used", () => {
  const exact = quaternionFromYaw(2);
  const long = { x: 0, y: 0, z: exact.z * 1.0009, w: exact.w * 1.0009 };
  const vector = { x: 1, y: -2, z: 3 };
  expect(yawFromQuaternion(long)).toBeCloseTo(2, 12);
  for (const [result, expected] of [
    [rotateVector(long, vector), rotateVector(exact, vector)],
    [multiplyQuaternions(long, long), multiplyQuaternions(exact, exact)],
    [invertQuaternion(long), invertQuaternion(exact)],
    [slerp(long, long, 0.5), exact],
  ] as const) {
    for (const [key, value] of Object.entries(expected))
      expect((result as unknown as Record<string, number>)[key]).toBeCloseTo(value, 12);
  }
});

test("what is not a rotation is refused with a sentence, and not taken for another heading (K1)", () => {
  const double = { x: 0, y: 0, z: 1, w: 1 };
  const refusals = [
    () => yawFromQuaternion(double),
    () => rotateVector(double, { x: 1, y: 0, z: 0 }),
    () => multiplyQuaternions(quaternionFromYaw(0), double),
    () => invertQuaternion(double),
    () => slerp(double, quaternionFromYaw(0), 0.5),
  ];
  const message = "The quaternion (x 0, y 0, z 1, w 1) has length 1.4142, expected 1; normalise it, identity is w = 1.";
  for (const refusal of refusals)
    expect(refusal).toThrow(expect.objectContaining({ code: "NOT_UNIT_LENGTH", message }));
  expect(() => yawFromQuaternion({ x: 0, y: 0, z: 0, w: 0 })).toThrow(/has length 0, expected 1; give a rotation/);
  expect(() => yawFromQuaternion({ x: 0, y: 0, z: Number.NaN, w: 1 })).toThrow(/z NaN, w 1\) has length NaN/);
});

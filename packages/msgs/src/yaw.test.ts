import { expect, test } from "vitest";
import { quaternionFromYaw, yawFromQuaternion } from "./yaw.ts";

test("comes back as the same heading", () => {
  for (const yaw of [-3, -1.2, 0, 0.4, 3.1]) {
    expect(yawFromQuaternion(quaternionFromYaw(yaw))).toBeCloseTo(yaw, 12);
  }
});

test("reads the heading of a rotation that also pitches", () => {
  // yaw 90 degrees after pitch 30 degrees: q = qz * qy
  const [sy, cy, sp, cp] = [
    Math.sin(Math.PI / 4),
    Math.cos(Math.PI / 4),
    Math.sin(Math.PI / 12),
    Math.cos(Math.PI / 12),
  ];
  const q = { x: -sy * sp, y: cy * sp, z: sy * cp, w: cy * cp };
  expect(yawFromQuaternion(q)).toBeCloseTo(Math.PI / 2, 12);
});

import type { Box, Cylinder, Shape } from "./shape.ts";

type Color = readonly [number, number, number];

const TRUNK: Color = [168, 172, 178];
const LEGS: Color = [62, 64, 70];
const HEAD: Color = [34, 36, 40];

/** What another Go2 looks like, facing along x: a trunk as large as what collides, its legs, and the lidar on top. Metres. */
export function robotParts(label: string, size: { length: number; width: number }, baseHeight: number): Shape[] {
  const under = Math.max(baseHeight - 0.06, 0);
  const box = (length: number, width: number, bottom: number, top: number, color: Color): Box => ({
    ...{ kind: "box", label, x: 0, y: 0, yaw: 0, length, width, bottom, top, color },
  });
  const leg = (x: number, y: number): Cylinder => ({
    ...{ kind: "cylinder", label, x, y, radius: 0.04, bottom: 0, top: under, color: LEGS },
  });
  const [x, y] = [size.length / 2 - 0.05, size.width / 2 - 0.05];
  return [
    box(size.length, size.width, under, baseHeight + 0.08, TRUNK),
    ...[leg(x, y), leg(x, -y), leg(-x, y), leg(-x, -y)],
    {
      kind: "cylinder",
      label,
      x: 0,
      y: 0,
      radius: 0.06,
      bottom: baseHeight + 0.08,
      top: baseHeight + 0.16,
      color: HEAD,
    },
  ];
}

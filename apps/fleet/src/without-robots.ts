/** What is this near to the middle of a robot is taken for a part of it. Metres. */
const ROBOT_RADIUS_M = 0.45;
/** Lower than this is floor, which is there under a robot as well; higher than that is none of it. Metres. */
const FLOOR_M = 0.06;
const TOP_M = 0.7;

/** The points of a scan that are not on robots: x, y, z triples in metres, z from the floor. */
export function withoutRobots(
  points: Float32Array,
  robots: readonly { readonly x: number; readonly y: number }[],
): Float32Array {
  if (robots.length === 0) return points;
  const kept = new Float32Array(points.length);
  let length = 0;
  for (let i = 0; i < points.length; i += 3) {
    const [x, y, z] = [points[i] as number, points[i + 1] as number, points[i + 2] as number];
    const isAtRobotHeight = z > FLOOR_M && z < TOP_M;
    if (isAtRobotHeight && robots.some((robot) => Math.hypot(robot.x - x, robot.y - y) < ROBOT_RADIUS_M)) continue;
    kept[length] = x;
    kept[length + 1] = y;
    kept[length + 2] = z;
    length += 3;
  }
  return kept.subarray(0, length);
}

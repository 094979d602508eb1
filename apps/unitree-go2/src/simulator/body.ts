import { Go2Error } from "../errors.ts";
import type { PlanarPose } from "../planar-pose.ts";
import type { Rectangle } from "../world/rectangle.ts";
import type { World } from "../world/world.ts";

/** The rectangle that collides: it turns within the rotation diameter of 0.6 m. */
export const BODY_LENGTH_M = 0.5;
export const ROBOT_WIDTH_M = 0.3;
export const ROTATION_DIAMETER_M = 0.6;

/** Fastest velocities the robot accepts; a command above is cut to these. */
export const MAX_FORWARD_MPS = 1.0;
export const MAX_SIDEWAYS_MPS = 0.5;
export const MAX_YAW_RATE_RPS = 1.5;

/** Height of the base above the floor, standing and lying. */
export const STANDING_HEIGHT_M = 0.3;
export const LYING_HEIGHT_M = 0.1;

/** The robot's rectangle at a pose. */
export function bodyAt(pose: PlanarPose): Rectangle {
  return { x: pose.x, y: pose.y, yaw: pose.yaw, length: BODY_LENGTH_M, width: ROBOT_WIDTH_M };
}

/** Throws when the robot would stand in an obstacle or off the floor; `what` opens the sentence. */
export function assertRoomToStand(world: World, pose: PlanarPose, what: string): void {
  const where = `(x ${pose.x.toFixed(2)}, y ${pose.y.toFixed(2)})`;
  const { width, depth } = world.plan;
  if (!(pose.x >= 0 && pose.x <= width && pose.y >= 0 && pose.y <= depth)) {
    throw new Go2Error("START_BLOCKED", `${what} ${where} is off the floor, which is ${width} m by ${depth} m.`);
  }
  const { gap, shape } = world.nearestTo(bodyAt(pose));
  if (gap > 0) return;
  throw new Go2Error(
    "START_BLOCKED",
    `${what} ${where} is inside an obstacle (${shape?.label}). Choose a place with ${ROTATION_DIAMETER_M / 2} m around it.`,
  );
}

import { radiansFromDegrees, wrapAngle } from "@dimos/msgs";
import type { PlanarPose } from "../planar-pose.ts";
import type { Velocity } from "../simulator/lagged-velocity.ts";
import { ARRIVAL_HEADING_RAD, NARROW_M, NARROW_SPEED_MPS, WALKING_SPEED_MPS } from "./planner-constants.ts";

/** Farther off its course than this, the robot turns on the spot. */
const TURN_FIRST_RAD = radiansFromDegrees(50);
/** What lies behind may be turned to either way round. */
const BEHIND_RAD = radiansFromDegrees(170);
const TURN_GAIN = 1.8;
const MAX_TURN_RPS = 1.0;
/** Walking sideways and backwards is slower. m/s. */
const SIDESTEP_MPS = 0.3;
const APPROACH_GAIN = 1.4;
const TURNING_PLAY_M = 0.15;
/** Deceleration that the robot counts on when it nears the end. m/s^2 */
const BRAKING_MPS2 = 0.4;

/**
 * Walks forward towards a point, turning first when it lies to the side. `remaining` metres are left to go.
 *
 * @param side of a turn that was asked for: above 0 left, below 0 right. To a point behind, the robot turns that way round
 */
export function steerTowards(
  pose: PlanarPose,
  target: { x: number; y: number },
  remaining: number,
  clearance: number,
  side = 0,
): Velocity {
  const shorter = wrapAngle(Math.atan2(target.y - pose.y, target.x - pose.x) - pose.yaw);
  const isOtherWay = Math.abs(shorter) > BEHIND_RAD && shorter * side < 0;
  const off = isOtherWay ? shorter - Math.sign(shorter) * 2 * Math.PI : shorter;
  const vyaw = clamp(TURN_GAIN * off, MAX_TURN_RPS);
  if (Math.abs(off) > TURN_FIRST_RAD) return { vx: 0, vy: 0, vyaw };
  const cruise = clearance < NARROW_M ? NARROW_SPEED_MPS : WALKING_SPEED_MPS;
  const speed = Math.min(cruise, Math.sqrt(2 * BRAKING_MPS2 * remaining)) * Math.cos(off) ** 2;
  return { vx: speed, vy: 0, vyaw };
}

/** Steps towards a point whichever way the robot faces, turning by the `turn` radians that are left meanwhile. */
export function stepTowards(pose: PlanarPose, target: { x: number; y: number }, turn = 0): Velocity {
  const [dx, dy] = [target.x - pose.x, target.y - pose.y];
  const distance = Math.hypot(dx, dy);
  const speed = Math.min(APPROACH_GAIN * distance, SIDESTEP_MPS);
  const heading = Math.atan2(dy, dx) - pose.yaw;
  return {
    vx: distance > 0 ? speed * Math.cos(heading) : 0,
    vy: distance > 0 ? speed * Math.sin(heading) : 0,
    vyaw: clamp(TURN_GAIN * turn, MAX_TURN_RPS),
  };
}

/**
 * The last steps to a pose. Near it the robot turns first, and does not walk while it does: where that needs more room,
 * it may be moved off by up to `TURNING_PLAY_M`, and steps back once it faces the right way.
 */
export function arrive(pose: PlanarPose, end: { x: number; y: number }, turn = 0): Velocity {
  const command = stepTowards(pose, end, turn);
  const mustTurn = Math.abs(turn) > ARRIVAL_HEADING_RAD;
  const isNear = Math.hypot(end.x - pose.x, end.y - pose.y) < TURNING_PLAY_M;
  return mustTurn && isNear ? { vx: 0, vy: 0, vyaw: command.vyaw } : command;
}

function clamp(value: number, limit: number): number {
  return Math.min(Math.max(value, -limit), limit);
}

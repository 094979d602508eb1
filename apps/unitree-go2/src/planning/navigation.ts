import type { PlanarPose } from "../planar-pose.ts";
import type { Velocity } from "../simulator/lagged-velocity.ts";
import type { Point2 } from "./path-shape.ts";

/** A goal on the floor, in the frame of the odometry. Without `yaw` the robot may face any way when it arrives. */
export interface NavigationGoal {
  readonly x: number;
  readonly y: number;
  readonly yaw?: number | undefined;
}

export interface GoalOptions {
  /** Give up after this time, seconds. Default 300. */
  readonly timeoutS?: number | undefined;
  /** Take no way longer than this, metres. Default: any. A relative move sets it, to stop at a wall and not go round. It does not recover either. */
  readonly maxPathM?: number | undefined;
  /**
   * How far to turn until the robot arrives, radians counter-clockwise: this way round, full turns included. It ends at the
   * goal's `yaw`. Default: the shorter way to `yaw`.
   */
  readonly turnRad?: number | undefined;
  /** What counts as reached, metres and radians. Default, and at most, 0.2 m and 15 degrees. */
  readonly toleranceM?: number | undefined;
  readonly toleranceRad?: number | undefined;
}

/**
 * - `idle`: no goal
 * - `waiting-for-map`: the goal is too far to drive to without a map
 * - `straight`: no map has come, the robot goes straight to a near goal
 * - `following`: on the path
 * - `approaching`: on the path to a place near the goal, because nothing leads to the goal itself
 * - `arriving`: the last steps, and turning to the goal's heading
 * - `searching`: no way now; a new map may show one
 * - `recovering`: it got no farther; it steps back or turns, and tries again
 * - `stopping`: the goal has ended, its result comes when the robot stands
 */
export type NavigationStatus =
  | "idle"
  | "waiting-for-map"
  | "straight"
  | "following"
  | "approaching"
  | "arriving"
  | "searching"
  | "recovering"
  | "stopping";

export interface NavigationState {
  readonly status: NavigationStatus;
  readonly goal: NavigationGoal | undefined;
  /** Metres left: along the path when there is one, else in a straight line; 0 without a goal. */
  readonly distanceLeft: number;
  /** One plain sentence. */
  readonly detail: string;
}

/** How a goal ended, measured from the poses that came in and never from the request. */
export interface NavigationResult {
  /** What `setGoal` returned. */
  readonly goalId: number;
  readonly goal: NavigationGoal;
  readonly status: "reached" | "blocked" | "cancelled" | "timeout";
  /** Metres in a straight line from where the robot was when the goal came to where it is now. */
  readonly moved: number;
  /** Metres in a straight line from the robot to the goal; NaN when that is not known. */
  readonly distanceLeft: number;
  /** Why it was not reached: one plain sentence. */
  readonly error?: string;
  readonly pose: PlanarPose;
}

export interface NavigationTick {
  /** The velocity to command now. */
  readonly command: Velocity;
  readonly state: NavigationState;
  /** The path, when it changed since the last tick; empty when there is none any more. */
  readonly path?: readonly Point2[];
  /** Obstacles around here may not be there any more: whoever makes the map should look again. */
  readonly doubt?: Point2;
  /** Goals that ended since the last tick, oldest first. */
  readonly done: readonly NavigationResult[];
}

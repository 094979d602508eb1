import type { PlanarPose } from "../planar-pose.ts";
import type { WalkState } from "./traffic.ts";

/** What a simulated robot tells the others in its world about itself: metres and radians in the frame of the world. */
export interface RobotBody {
  /** Of its connection: `robot0/Go2Connection`. */
  readonly instance: string;
  /** In another world it is nobody's neighbour. */
  readonly world: string;
  /** Seconds. */
  readonly stamp: number;
  readonly pose: PlanarPose;
  /** Of the base above the floor: it tells whether the robot stands or lies. */
  readonly height: number;
  /** The neighbour that it has run into. */
  readonly touches?: string | undefined;
  /** The people and carts of its world, in the order of the world file. */
  readonly traffic: readonly WalkState[];
}

import { inFrame, notTurned, OccupancyGrid, Odometry, PoseStamped } from "@dimos/msgs";
import { mapFault } from "../planning/planning-grid.ts";

/** Frame of poses, maps, paths and goals: without a localiser, `map` and `odom` are the same (REP 105). */
export const WORKING_FRAME = "odom";

/** Where this robot is, and not another one or what is mounted on it. */
export const OwnOdometry = { type: Odometry, checks: [inFrame(WORKING_FRAME, { childFrameId: "base_link" })] };

/** A map that this robot can plan on. */
export const OwnCostmap = { type: OccupancyGrid, checks: [inFrame(WORKING_FRAME), notTurned, mapFault] };

/** A goal for this robot. One without a frame is in the right one. */
export const OwnGoal = { type: PoseStamped, checks: [inFrame(WORKING_FRAME, { takesUnnamed: true })] };

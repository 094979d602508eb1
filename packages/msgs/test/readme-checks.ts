import { Module } from "@dimos/core";
import { inFrame, notTurned, OccupancyGrid, Odometry, PoseStamped } from "@dimos/msgs";

export class Driver extends Module({
  source: import.meta.url,
  inputs: {
    odom: { type: Odometry, checks: [inFrame("odom", { childFrameId: "base_link" })] },
    costmap: { type: OccupancyGrid, checks: [inFrame("odom"), notTurned] },
    goal: { type: PoseStamped, checks: [inFrame("odom", { takesUnnamed: true })] },
  },
}) {}

import type { PlanarPose } from "../planar-pose.ts";
import type { NavigationGoal } from "./navigation.ts";
import { MAX_BEYOND_MAP_M } from "./planner-constants.ts";
import { type CostmapMessage, metresOutside } from "./planning-grid.ts";
import { sentence } from "./sentences.ts";

/** Why nothing can be planned on this map: the goal or the robot is too far outside of it. */
export function whyOffTheMap(costmap: CostmapMessage, goal: NavigationGoal, pose: PlanarPose): string | undefined {
  const beyond = metresOutside(costmap, goal);
  if (beyond > MAX_BEYOND_MAP_M) return sentence.beyondTheMap(goal, beyond);
  const lost = metresOutside(costmap, pose);
  return lost > MAX_BEYOND_MAP_M ? sentence.lost(lost) : undefined;
}

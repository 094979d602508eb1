import type { PlanarPose } from "../planar-pose.ts";
import type { NavigationGoal } from "./navigation.ts";
import type { Point2 } from "./path-shape.ts";
import { MAX_BEYOND_MAP_M } from "./planner-constants.ts";
import type { CostmapMessage } from "./planning-grid.ts";
import { sentence } from "./sentences.ts";

/** Why nothing can be planned on this map: the goal or the robot is too far outside of it. */
export function whyOffTheMap(costmap: CostmapMessage, goal: NavigationGoal, pose: PlanarPose): string | undefined {
  const beyond = metresOutside(costmap, goal);
  if (beyond > MAX_BEYOND_MAP_M) return sentence.beyondTheMap(goal, beyond);
  const lost = metresOutside(costmap, pose);
  return lost > MAX_BEYOND_MAP_M ? sentence.lost(lost) : undefined;
}

/** Metres from the map's edge to a point outside it, 0 inside. */
function metresOutside({ info }: CostmapMessage, point: Point2): number {
  const { x, y } = info.origin.position;
  const dx = Math.max(x - point.x, point.x - (x + info.width * info.resolution), 0);
  const dy = Math.max(y - point.y, point.y - (y + info.height * info.resolution), 0);
  return Math.hypot(dx, dy);
}

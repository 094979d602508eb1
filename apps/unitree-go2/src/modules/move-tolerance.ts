import { degreesFromRadians } from "@dimos/msgs";
import { toleranceOf } from "../planning/arrival.ts";
import type { GoalOptions } from "../planning/navigation.ts";
import { GOAL_TOLERANCE_M, HEADING_TOLERANCE_RAD } from "../planning/planner-constants.ts";

/** What agents read of how exactly a robot moves. */
export const APPROXIMATELY = `Ends near what was asked for: "reached" is within the tolerance in the answer (at most ${GOAL_TOLERANCE_M} m and ${Math.round(degreesFromRadians(HEADING_TOLERANCE_RAD))} degrees, mostly a few cm and degrees), which also says what is left (distanceLeft in metres, degreesLeft).`;

/** What counted as reached, as skills tell it: metres and degrees. */
export function toleranceOfMove(options: GoalOptions = {}): { readonly metres: number; readonly degrees: number } {
  const { metres, radians } = toleranceOf(options);
  return { metres, degrees: Number(degreesFromRadians(radians).toFixed(1)) };
}

import { radiansFromDegrees } from "@dimos/msgs";
import { z } from "zod";
import { moveInFrame, type PlanarPose } from "../planar-pose.ts";
import type { GoalOptions, NavigationGoal } from "../planning/navigation.ts";

/** Three full turns take the robot 20 s; more is a slip of the pen. */
const MAX_TURN_DEG = 1080;
/** A smaller move is lost in the sway of the legs. */
const SMALLEST_M = 0.02;
const SMALLEST_DEG = 2;

const MAX_TURN = "at most three full turns, 1080 degrees, at once";

// Strict: a distance under a wrong name must not become a move that goes nowhere and says "reached".
const Move = z.strictObject({
  forward: z.number().default(0).describe("metres, negative is backwards"),
  left: z.number().default(0).describe("metres, negative is to the right"),
  degrees: z
    .number()
    .min(-MAX_TURN_DEG, { error: MAX_TURN })
    .max(MAX_TURN_DEG, { error: MAX_TURN })
    .default(0)
    .describe(
      "turn at the end, positive to the left (counter-clockwise), negative to the right: this way round and this far, 270 is three quarters of a turn to the left and 360 a full turn",
    ),
});
export type RelativeMove = z.infer<typeof Move>;

/** What `relativeMove` takes. A move that is too small to be made is refused. */
export const RelativeMove = Move.refine(isLargeEnough, { error: ({ input }) => tooSmall(input as RelativeMove) });

function isLargeEnough({ forward, left, degrees }: RelativeMove): boolean {
  return Math.hypot(forward, left) >= SMALLEST_M || Math.abs(degrees) >= SMALLEST_DEG;
}

function tooSmall({ forward, left, degrees }: RelativeMove): string {
  const distance = Math.hypot(forward, left);
  if (distance === 0 && degrees === 0) return "the robot did not move: give forward, left or degrees other than 0";
  const both = (metres: number, turn: number, joint: string) =>
    [...(distance === 0 ? [] : [`${metres} m`]), ...(degrees === 0 ? [] : [`${turn}°`])].join(joint);
  const asked = both(distance, degrees, " and ");
  return `the robot did not move: ${asked} is less than its smallest move, ${both(SMALLEST_M, SMALLEST_DEG, " or ")}`;
}

/**
 * The goal of a move from where the robot stands. Half of what was asked for counts as reached at most: a move within the
 * planner's tolerance would be at its end before it has begun.
 */
export function goalOfMove(
  start: PlanarPose,
  { forward, left, degrees }: RelativeMove,
): { readonly goal: NavigationGoal; readonly options: GoalOptions } {
  const turnRad = radiansFromDegrees(degrees);
  const distance = Math.hypot(forward, left);
  return {
    goal: moveInFrame(start, forward, left, turnRad),
    options: {
      turnRad,
      ...(distance < SMALLEST_M ? {} : { toleranceM: distance / 2 }),
      ...(Math.abs(degrees) < SMALLEST_DEG ? {} : { toleranceRad: Math.abs(turnRad) / 2 }),
    },
  };
}

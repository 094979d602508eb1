import { z } from "zod";
import { Go2Error } from "../errors.ts";
import type { GoalOptions, NavigationGoal } from "../planning/navigation.ts";

const GoalRequest = z.object({
  goal: z.strictObject({ x: z.number(), y: z.number(), yaw: z.number().optional() }),
  options: z.strictObject({
    timeoutS: z.number().positive().optional(),
    maxPathM: z.number().nonnegative().optional(),
    turnRad: z.number().optional(),
    toleranceM: z.number().positive().optional(),
    toleranceRad: z.number().positive().optional(),
  }),
});

/** Checks what came from outside. Throws `Go2Error` for a goal that is none, or a limit that is misspelt; the robot does not move on it. */
export function parseGoal(
  goal: unknown,
  options: unknown,
): { readonly goal: NavigationGoal; readonly options: GoalOptions } {
  const parsed = GoalRequest.safeParse({ goal, options });
  if (parsed.success) return parsed.data;
  throw new Go2Error("BAD_GOAL", `This is not a goal to drive to:\n${z.prettifyError(parsed.error)}`);
}

import type { Clock, DeepReadonly, In, RefOf, SkillContext } from "@dimos/core";
import type { Odometry } from "@dimos/msgs";
import { Go2Error } from "../errors.ts";
import type { GoalOptions, NavigationGoal } from "../planning/navigation.ts";
import { KEEP_PERIOD_MS } from "./kept-goal.ts";
import { LOST_GOAL, LostGoalWatch, plannerLoss } from "./lost-goal.ts";
import type { NavigationResult, NavigationState } from "./navigation-messages.ts";
import type { ReplanningAStarPlanner } from "./replanning-a-star-planner.ts";
import { standstill } from "./standstill.ts";

/** What a module needs to follow a goal of the planner to its end. */
interface Navigator {
  readonly planner: Pick<RefOf<typeof ReplanningAStarPlanner>, "setGoal" | "cancelGoal" | "keepGoal" | "holdGoal">;
  readonly navigationState: In<NavigationState>;
  readonly navigationResult: In<NavigationResult>;
  readonly odom: In<Odometry>;
  readonly clock: Clock;
}

/** How a goal ended. */
type Outcome = Pick<DeepReadonly<NavigationResult>, "status" | "error">;

/** The planner was lost, and its goal with it. */
class PlannerLost extends Error {}

/**
 * The planner says ten times a second what it does. When nothing comes for so long, it is gone. Milliseconds of real
 * time, whatever the robot's clock does: a simulation that is slower than real time still says something.
 */
const SILENCE_MS = 5000;

/**
 * Sends the planner a goal and waits for its result, with the distance left as progress. When the caller aborts, the
 * goal is given up, and the result says how far the robot came. A goal that is lost with the planner ends as `cancelled`
 * once the robot stands. Rejects when the planner falls silent.
 */
export async function followGoal(
  { planner, navigationState, navigationResult, odom, clock }: Navigator,
  goal: NavigationGoal,
  options: GoalOptions,
  { signal, progress }: SkillContext,
): Promise<Outcome> {
  const results: DeepReadonly<NavigationResult>[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  let goalId: number | undefined;
  const settle = () => {
    const own = results.find((result) => result.goalId === goalId);
    if (own !== undefined) resolve(own);
  };
  const giveUp = () => {
    if (goalId !== undefined) planner.cancelGoal(goalId).catch((error) => reject(lossOf(error) ?? error));
  };
  const fallenSilent = () => {
    giveUp();
    reject(
      new Go2Error(
        "PLANNER_SILENT",
        `ReplanningAStarPlanner has said nothing for ${SILENCE_MS / 1000} s. Is it running, and does odometry come?`,
      ),
    );
  };
  const keep = () => {
    if (goalId === undefined || signal.aborted) return;
    planner.keepGoal(goalId).catch((error) => {
      const loss = lossOf(error);
      // A planner that does not answer falls silent as well.
      if (loss !== undefined) reject(loss);
    });
  };
  const keeping = setInterval(keep, KEEP_PERIOD_MS);
  const silence = setTimeout(fallenSilent, SILENCE_MS);
  const watch = new LostGoalWatch();
  const leave = [
    // The result may come before the answer to setGoal.
    navigationResult.subscribe((result) => {
      results.push(result);
      settle();
    }),
    navigationState.subscribe((state) => {
      silence.refresh();
      if (goalId === undefined) return;
      if (watch.isLost(state, (of) => of.goalId === goalId)) reject(new PlannerLost(LOST_GOAL));
      if (state.goalId === goalId) progress({ distanceLeft: state.distanceLeft, detail: state.detail });
    }),
  ];
  signal.addEventListener("abort", giveUp);
  try {
    signal.throwIfAborted();
    goalId = await planner.setGoal(goal, options);
    keep();
    // The planner sees the end of this process at once by that. What else ends it is told in other ways.
    planner.holdGoal(goalId).catch(() => {});
    settle();
    if (signal.aborted) giveUp();
    return await promise;
  } catch (error) {
    if (!(error instanceof PlannerLost)) throw error;
    // Nobody commands the robot any more: it stops by itself, and what the caller measures holds from then on.
    await standstill(odom, clock, new AbortController().signal);
    return { status: "cancelled", error: error.message };
  } finally {
    clearTimeout(silence);
    clearInterval(keeping);
    signal.removeEventListener("abort", giveUp);
    for (const unsubscribe of leave) unsubscribe();
  }
}

/** Undefined for an error that does not say so. */
function lossOf(error: unknown): PlannerLost | undefined {
  const loss = plannerLoss(error);
  return loss === undefined ? undefined : new PlannerLost(loss);
}

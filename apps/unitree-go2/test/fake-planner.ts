import type { TestedModule } from "@dimos/core/testing";
import { type Odometry, quaternionFromYaw, radiansFromDegrees, timeFromSeconds } from "@dimos/msgs";
import type { NavigationSkills, UnitreeSkills } from "../src/index.ts";
import type { GoalOptions, NavigationGoal, NavigationResult } from "../src/planning/navigation.ts";

/** What a module of skills needs of the planner, in the hands of a test. */
export class FakePlanner {
  readonly goals: { readonly goal: NavigationGoal; readonly options: GoalOptions }[] = [];
  readonly cancelled: (number | undefined)[] = [];

  setGoal = async (goal: NavigationGoal, options: GoalOptions = {}) => this.goals.push({ goal, options });

  keepGoal = async () => true;

  holdGoal = async () => {};

  cancelGoal = async (goalId?: number) => {
    this.cancelled.push(goalId);
    return this.goals.length > 0;
  };
}

type Skills = TestedModule<UnitreeSkills> | TestedModule<NavigationSkills>;

/** The robot is at `x`, moves at `speed`, and is turned to the left by `degrees`. */
export function odometryOf(x: number, speed = 0, degrees = 0): Odometry {
  return {
    header: { stamp: timeFromSeconds(0), frameId: "odom" },
    childFrameId: "base_link",
    pose: { pose: { position: { x, y: 0, z: 0.3 }, orientation: quaternionFromYaw(radiansFromDegrees(degrees)) } },
    twist: { twist: { linear: { x: speed, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } } },
  };
}

/** Odometry says that the robot is at `x`, moves at `speed`, and is turned to the left by `degrees`. */
export async function odometryAt(skills: Skills, x: number, speed = 0, degrees = 0): Promise<void> {
  await (skills as TestedModule<UnitreeSkills>).publish("odom", odometryOf(x, speed, degrees));
}

/** The planner says how a goal ended. */
export async function resultOf(
  skills: Skills,
  goalId: number,
  status: NavigationResult["status"],
  error?: string,
): Promise<void> {
  await (skills as TestedModule<UnitreeSkills>).publish("navigationResult", {
    goalId,
    goal: { x: 0, y: 0 },
    status,
    moved: 0,
    distanceLeft: 0,
    pose: { x: 0, y: 0, yaw: 0 },
    ...(error === undefined ? {} : { error }),
  });
}

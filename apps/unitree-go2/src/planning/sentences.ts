import { degreesFromRadians } from "@dimos/msgs";
import type { Tolerance } from "./arrival.ts";
import type { NavigationGoal, NavigationResult, NavigationStatus } from "./navigation.ts";
import { HEADING_TOLERANCE_RAD, STUCK_RADIUS_M, STUCK_TIME_S } from "./planner-constants.ts";
import type { RecoveryKind } from "./recovery.ts";

const m = (metres: number) => `${metres.toFixed(2)} m`;
const deg = (radians: number) => `${Math.abs(degreesFromRadians(radians)).toFixed(0)}°`;
const place = (goal: NavigationGoal) => `(x ${goal.x.toFixed(2)}, y ${goal.y.toFixed(2)})`;

/** What the planner says about where it stands, and why a goal was not reached. */
export const sentence = {
  idle: "No goal.",
  onTheWay: (status: NavigationStatus, left: number) =>
    status === "straight"
      ? `Going straight to the goal, ${m(left)} left: there is no map yet.`
      : status === "approaching"
        ? `No way to the goal is known; going where it is nearest, ${m(left)} left.`
        : `Following the path, ${m(left)} left.`,
  /** Turns are told in steps of 15 degrees, because each new sentence prints a line of progress. */
  arriving: (left: number, turnLeft = 0) =>
    Math.abs(turnLeft) > HEADING_TOLERANCE_RAD
      ? `Arriving, ${m(left)} and about ${deg(Math.round(turnLeft / HEADING_TOLERANCE_RAD) * HEADING_TOLERANCE_RAD)} left.`
      : `Arriving, ${m(left)} left.`,
  searching: (left: number) => `No way leads nearer to the goal than ${m(left)}; waiting for a new map.`,
  recovering: (kind: RecoveryKind, attempt: number, attempts: number) =>
    `No farther; ${kind === "turn" ? "looking round" : "stepping back"} and trying again (${attempt} of ${attempts}).`,
  waitingForMap: (left: number) => `Waiting for a map: the goal is ${m(left)} away.`,
  stopping: (status: NavigationResult["status"]) => `Stopping: ${status}.`,
  noMap: (left: number, maplessRangeM: number) =>
    maplessRangeM === 0
      ? `No map has come, so no way to the goal, ${m(left)} away, is known. Is VoxelGridMapper running?`
      : `There is no map, and without one only goals within ${maplessRangeM} m are driven to; this one is ${m(left)} away.`,
  noOdometry: (fault: string | undefined) =>
    fault === undefined
      ? "The robot has not said where it is for 3 s. Is Go2Connection running?"
      : `The odometry could not be used for 3 s: ${fault}.`,
  odometryJumped: (by: number) =>
    `The odometry jumped by ${m(by)}: whoever measures it has started anew. What was measured across that says nothing.`,
  oldMap: (fault: string | undefined) =>
    fault === undefined
      ? "The map has not been renewed for 3 s: the lidar sees nothing, or VoxelGridMapper is not running. Its log says which."
      : `The map could not be used for 3 s: ${fault}.`,
  standsForMap: "The robot stands: the map has not been renewed for 1.5 s, so what is ahead is not known.",
  goalRefused: (fault: string) => `The goal was refused, and the robot does not move for it: ${fault}.`,
  offTheMap: (goal: NavigationGoal) => `The goal ${place(goal)} or the robot is off the map.`,
  beyondTheMap: (goal: NavigationGoal, beyond: number) =>
    `The goal ${place(goal)} lies ${m(beyond)} outside the map. Choose one on the map, or explore first.`,
  lost: (beyond: number) =>
    `The robot is ${m(beyond)} outside the map. Check that map and odometry are in the same frame.`,
  goalOccupied: (goal: NavigationGoal, left: number) =>
    `The goal ${place(goal)} is inside or too near to an obstacle; stopped at the nearest safe place, ${m(left)} from it.`,
  noWay: (left: number, maxPathM: number | undefined) =>
    maxPathM === undefined
      ? `No way leads to the goal; stopped ${m(left)} from it.`
      : `Something is in the way and no way round is shorter than ${m(maxPathM)}; stopped ${m(left)} from the goal.`,
  stuck: (left: number, toleranceM: number) =>
    left <= toleranceM
      ? "The robot is at the goal, but there is no room to turn to its heading."
      : `The robot did not get ${STUCK_RADIUS_M} m ahead in ${STUCK_TIME_S} s; stopped ${m(left)} from the goal.`,
  timeout: (timeoutS: number, left: number) => `Not there after ${timeoutS} s; stopped ${m(left)} from the goal.`,
  cancelled: "The goal was cancelled.",
  /** @param what what the module was to this goal, as in "which the robot is driven through" */
  moduleLost: ({ instance, reason }: { readonly instance: string; readonly reason: string }, what: string) =>
    `${instance}, which ${what}, was lost: ${reason}. The robot stops; ask again.`,
  replaced: "A new goal took the place of this one.",
  missed: (left: number, turnLeft: number, { metres, radians }: Tolerance) =>
    left > metres
      ? `Stopped ${m(left)} from the goal, more than the tolerance of ${m(metres)}.`
      : `Stopped ${deg(turnLeft)} from the goal's heading, more than the tolerance of ${deg(radians)}.`,
} as const;

import { wrapAngle } from "@dimos/msgs";
import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import { STANDSTILL, type Velocity } from "../simulator/lagged-velocity.ts";
import { Arrival, type Tolerance, toleranceOf } from "./arrival.ts";
import { guardCommand } from "./command-guard.ts";
import { Heading } from "./heading.ts";
import type { GoalOptions, NavigationGoal, NavigationResult, NavigationState, NavigationStatus } from "./navigation.ts";
import {
  ARRIVAL_M,
  ARRIVING_M,
  BACKWARDS_M,
  BLOCKED_PATIENCE_S,
  GOAL_TIMEOUT_S,
  MAP_WAIT_S,
  NARROW_M,
  REPLAN_DEVIATION_M,
  REPLAN_PERIOD_S,
  STEER_AHEAD_M,
  STEER_AHEAD_NARROW_M,
  WORTH_CHANGING_M,
} from "./planner-constants.ts";
import type { PlanningGrid } from "./planning-grid.ts";
import { RECOVERIES, Recovery } from "./recovery.ts";
import { planRoute, type Route, type Shortfall } from "./route.ts";
import { sentence } from "./sentences.ts";
import { StuckWatch } from "./stuck-watch.ts";
import { arrive, steerTowards, stepTowards } from "./velocity-control.ts";

export type Ending = Pick<NavigationResult, "status" | "error">;

export interface GoalRunInput {
  readonly pose: PlanarPose;
  /** Seconds. */
  readonly now: number;
  readonly grid: PlanningGrid | undefined;
  /** Whether the grid is another one than at the last tick. */
  readonly isNewGrid: boolean;
  readonly safeGoalClearance: number;
  /** Without any map goals this near are driven to, metres; 0 for none. */
  readonly maplessRangeM: number;
}

export interface GoalRunOutput {
  readonly command: Velocity;
  readonly state: NavigationState;
  readonly ending?: Ending;
  /** Obstacles around the robot may be gone. */
  readonly doubtsMap?: boolean;
}

/** The way to one goal, from tick to tick. */
export class GoalRun {
  readonly goal: NavigationGoal;
  readonly startPose: PlanarPose;
  readonly #options: GoalOptions;
  readonly #startedAt: number;
  /** What counts as reached. */
  readonly tolerance: Tolerance;
  readonly #heading: Heading;
  #stuck: StuckWatch;
  readonly #arrival: Arrival;
  #route: Route | undefined;
  #plannedAt = Number.NEGATIVE_INFINITY;
  #noWaySince: number | undefined;
  #keepsHeading: boolean | undefined;
  #recovery: Recovery | undefined;
  readonly #attempts = { stuck: 0, "no-way": 0 };

  constructor(goal: NavigationGoal, options: GoalOptions, pose: PlanarPose, now: number) {
    this.goal = goal;
    this.startPose = pose;
    this.#options = options;
    this.#startedAt = now;
    this.#stuck = new StuckWatch(pose, now);
    this.tolerance = toleranceOf(options);
    this.#heading = new Heading(goal, options, pose);
    this.#arrival = new Arrival(goal, this.tolerance);
  }

  get route(): Route | undefined {
    return this.#route;
  }

  /** The turn that is left, radians counter-clockwise; undefined when any heading will do. Takes every pose, also those after the end. */
  turnLeft(pose: PlanarPose): number | undefined {
    return this.#heading.update(pose);
  }

  tick(input: GoalRunInput): GoalRunOutput {
    const { pose, now, grid } = input;
    const { timeoutS = GOAL_TIMEOUT_S } = this.#options;
    this.#heading.update(pose);
    if (now - this.#startedAt > timeoutS) {
      return this.#end(pose, "timeout", sentence.timeout(timeoutS, planarDistance(pose, this.goal)));
    }
    if (grid === undefined) return this.#withoutMap(input);
    const recovering = this.#recover(pose, now, grid);
    if (recovering !== undefined) return recovering;
    this.#replan(input, grid);
    const route = this.#route;
    if (route === undefined) return this.#end(pose, "blocked", sentence.offTheMap(this.goal));
    const output = this.#follow(pose, now, grid, route);
    return { ...output, command: guardCommand(grid, pose, output.command) };
  }

  /** Goes on with a manoeuvre under way; when it is done, a new plan is made from here. */
  #recover(pose: PlanarPose, now: number, grid: PlanningGrid): GoalRunOutput | undefined {
    const recovery = this.#recovery;
    if (recovery === undefined) return undefined;
    const command = recovery.tick(pose, now);
    if (command !== undefined) {
      return { command: guardCommand(grid, pose, command), state: this.#recoveringState(pose, recovery) };
    }
    this.#recovery = undefined;
    this.#route = undefined;
    this.#noWaySince = undefined;
    this.#plannedAt = Number.NEGATIVE_INFINITY;
    this.#stuck = new StuckWatch(pose, now);
    return undefined;
  }

  /** Begins the next manoeuvre against what stopped the robot; undefined when all have been tried. */
  #tryAgain(cause: keyof typeof RECOVERIES, pose: PlanarPose, now: number): GoalRunOutput | undefined {
    const kind = RECOVERIES[cause][this.#attempts[cause]];
    if (kind === undefined || this.#options.maxPathM !== undefined) return undefined;
    const attempt = ++this.#attempts[cause];
    this.#recovery = new Recovery(kind, pose, now, attempt % 2 === 1 ? 1 : -1);
    return { command: STANDSTILL, state: this.#recoveringState(pose, this.#recovery), doubtsMap: true };
  }

  #recoveringState(pose: PlanarPose, { kind }: Recovery): NavigationState {
    const { stuck, "no-way": noWay } = this.#attempts;
    const all = RECOVERIES.stuck.length + RECOVERIES["no-way"].length;
    return this.#state("recovering", planarDistance(pose, this.goal), sentence.recovering(kind, stuck + noWay, all));
  }

  #withoutMap({ pose, now, maplessRangeM }: GoalRunInput): GoalRunOutput {
    const distance = planarDistance(pose, this.goal);
    if (maplessRangeM === 0 || distance > maplessRangeM) {
      if (now - this.#startedAt < MAP_WAIT_S) {
        return {
          command: STANDSTILL,
          state: this.#state("waiting-for-map", distance, sentence.waitingForMap(distance)),
        };
      }
      return this.#end(pose, "blocked", sentence.noMap(distance, maplessRangeM));
    }
    return this.#goTo(pose, now, this.goal, distance, Number.POSITIVE_INFINITY, "straight", this.goal);
  }

  #replan({ pose, now, isNewGrid, safeGoalClearance }: GoalRunInput, grid: PlanningGrid): void {
    const old = this.#route;
    const isOff = old !== undefined && old.path.update(pose) > REPLAN_DEVIATION_M;
    const isGood = old?.path.isClear(grid) === true && !isOff;
    if (isGood && !(isNewGrid && old.shortfall !== undefined)) return;
    if (old !== undefined && now - this.#plannedAt < REPLAN_PERIOD_S) return;
    this.#plannedAt = now;
    const route = planRoute(grid, pose, this.goal, {
      safeGoalClearance,
      maxLength: this.#options.maxPathM,
      oldTarget: old?.target,
    });
    if (isGood && route !== undefined && !isBetter(route, old, this.goal)) return;
    this.#route = route;
    route?.path.update(pose);
  }

  #follow(pose: PlanarPose, now: number, grid: PlanningGrid, route: Route): GoalRunOutput {
    const { path, shortfall } = route;
    const end = path.end;
    const isAtEnd = planarDistance(pose, end) <= 2 * ARRIVAL_M;
    if (shortfall === "goal-occupied" && isAtEnd) return this.#end(pose, "blocked", this.#whyShort(pose, shortfall));
    if (shortfall === "no-way" && isAtEnd) return this.#search(pose, now);
    this.#noWaySince = undefined;
    const clearance = grid.clearanceAt(pose.x, pose.y);
    const ahead = path.ahead(clearance < NARROW_M ? STEER_AHEAD_NARROW_M : STEER_AHEAD_M);
    const remaining = path.remaining(pose);
    return this.#goTo(pose, now, ahead, remaining, clearance, shortfall ? "approaching" : "following", end);
  }

  #search(pose: PlanarPose, now: number): GoalRunOutput {
    this.#noWaySince ??= now;
    const distance = planarDistance(pose, this.goal);
    if (now - this.#noWaySince > BLOCKED_PATIENCE_S) {
      const again = this.#tryAgain("no-way", pose, now);
      if (again !== undefined) return again;
      return this.#end(pose, "blocked", this.#whyShort(pose, "no-way"));
    }
    return { command: STANDSTILL, state: this.#state("searching", distance, sentence.searching(distance)) };
  }

  /** Heads for `target`; `end` is where the way ends, `remaining` metres from here. */
  #goTo(
    pose: PlanarPose,
    now: number,
    target: { readonly x: number; readonly y: number },
    remaining: number,
    clearance: number,
    status: NavigationStatus,
    end: { readonly x: number; readonly y: number },
  ): GoalRunOutput {
    const turn = this.#heading.left;
    if (this.#arrival.isDone(pose, turn, now)) return this.#end(pose, "reached");
    if (this.#stuck.isStuck(pose, now, this.#heading.turnLeft)) {
      const again = this.#isAsNearAsItGets(pose) ? undefined : this.#tryAgain("stuck", pose, now);
      return again ?? this.#end(pose, "blocked", this.#whyStuck(pose));
    }
    this.#keepsHeading ??= this.#canKeepHeading(pose, remaining);
    if (remaining <= ARRIVING_M && planarDistance(pose, end) <= ARRIVING_M) {
      const command = arrive(pose, end, turn);
      return { command, state: this.#state("arriving", remaining, sentence.arriving(remaining, turn)) };
    }
    const command = this.#keepsHeading
      ? stepTowards(pose, target, turn)
      : steerTowards(pose, target, remaining, clearance, this.#options.turnRad);
    return { command, state: this.#state(status, remaining, sentence.onTheWay(status, remaining)) };
  }

  /** At the goal, or at the end of a path that falls short of it, no manoeuvre brings the robot any nearer. */
  #isAsNearAsItGets(pose: PlanarPose): boolean {
    const route = this.#route;
    if (planarDistance(pose, this.goal) <= this.tolerance.metres) return true;
    return route?.shortfall !== undefined && planarDistance(pose, route.path.end) <= ARRIVING_M;
  }

  /** A robot that gets no nearer to the end of a path that falls short has come as near to the goal as it can. */
  #whyStuck(pose: PlanarPose): string {
    const route = this.#route;
    const isNearEnd = route !== undefined && planarDistance(pose, route.path.end) <= ARRIVING_M;
    if (isNearEnd && route.shortfall !== undefined) return this.#whyShort(pose, route.shortfall);
    return sentence.stuck(planarDistance(pose, this.goal), this.tolerance.metres);
  }

  #whyShort(pose: PlanarPose, shortfall: Shortfall): string {
    const distance = planarDistance(pose, this.goal);
    if (shortfall === "goal-occupied") return sentence.goalOccupied(this.goal, distance);
    return sentence.noWay(distance, this.#options.maxPathM);
  }

  /** Whether a short way back is better walked backwards than with two half turns. */
  #canKeepHeading(pose: PlanarPose, remaining: number): boolean {
    const { x, y } = this.goal;
    const turn = this.#heading.left;
    if (turn === undefined || remaining > BACKWARDS_M) return false;
    const bearing = Math.abs(wrapAngle(Math.atan2(y - pose.y, x - pose.x) - pose.yaw));
    return bearing > Math.PI / 3 && Math.abs(turn) < Math.PI / 4;
  }

  #state(status: NavigationStatus, distanceLeft: number, detail: string): NavigationState {
    return { status, goal: this.goal, distanceLeft, detail };
  }

  #end(pose: PlanarPose, status: Ending["status"], error?: string): GoalRunOutput {
    const distance = planarDistance(pose, this.goal);
    return {
      command: STANDSTILL,
      state: this.#state("stopping", distance, sentence.stopping(status)),
      ending: error === undefined ? { status } : { status, error },
    };
  }
}

/** Whether a new route ends so much nearer to the goal that it is worth a change of direction. */
function isBetter(route: Route, old: Route, goal: NavigationGoal): boolean {
  if (route.shortfall === undefined) return true;
  return planarDistance(route.path.end, goal) < planarDistance(old.path.end, goal) - WORTH_CHANGING_M;
}

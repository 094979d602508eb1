import { Go2Error } from "../errors.ts";
import { isFinitePose, type PlanarPose, planarDistance } from "../planar-pose.ts";
import { BODY_LENGTH_M, ROBOT_WIDTH_M } from "../simulator/body.ts";
import { STANDSTILL } from "../simulator/lagged-velocity.ts";
import { isWithin, toleranceOf } from "./arrival.ts";
import { type Ending, GoalRun, type GoalRunOutput } from "./goal-run.ts";
import type { GoalOptions, NavigationGoal, NavigationResult, NavigationState, NavigationTick } from "./navigation.ts";
import { whyOffTheMap } from "./off-the-map.ts";
import type { Point2 } from "./path-shape.ts";
import {
  MAPLESS_RANGE_M,
  ODOMETRY_JUMP_M,
  SAFE_GOAL_CLEARANCE_M,
  STANDING_STILL_M,
  STOPPING_S,
} from "./planner-constants.ts";
import { assertCostmap, type CostmapMessage, PlanningGrid } from "./planning-grid.ts";
import { sentence } from "./sentences.ts";

const IDLE: NavigationState = Object.freeze({
  status: "idle",
  goal: undefined,
  distanceLeft: 0,
  detail: sentence.idle,
});

/** A robot that collides within this rectangle, metres. */
export interface BodySize {
  readonly length: number;
  readonly width: number;
}

const UNKNOWN_POSE: PlanarPose = Object.freeze({ x: Number.NaN, y: Number.NaN, yaw: Number.NaN });

interface Task {
  readonly id: number;
  readonly goal: NavigationGoal;
  readonly options: GoalOptions;
  /** From the first tick on. */
  run?: GoalRun;
  ending?: Ending & { readonly at: number };
}

/**
 * Plans and follows a way to one goal at a time. It knows no timer: `tick` is called about ten times a second with the
 * pose from the odometry and answers with the velocity to command. All poses and maps are in one frame.
 */
export class GlobalPlanner {
  /** Distance that a goal keeps from obstacles, metres. Not `#private` on purpose: it is read from outside as an example. */
  _safeGoalClearance = SAFE_GOAL_CLEARANCE_M;
  #goals: number;
  #task: Task | undefined;
  #results: NavigationResult[] = [];
  #costmap: CostmapMessage | undefined;
  #grid: PlanningGrid | undefined;
  #isNewMap = false;
  #doubtsMap = false;
  #state: NavigationState = IDLE;
  #path: readonly Point2[] = [];
  #lastPose: PlanarPose | undefined;
  readonly #maplessRangeM: number;
  #marginM = 0;

  /**
   * @param options.maplessRangeM without any map goals this near are driven to blindly, metres; 0 waits for a map
   * @param options.goalsBefore ids of goals begin after this
   */
  constructor({
    maplessRangeM = MAPLESS_RANGE_M,
    goalsBefore = 0,
  }: {
    readonly maplessRangeM?: number;
    readonly goalsBefore?: number;
  } = {}) {
    this.#maplessRangeM = maplessRangeM;
    this.#goals = goalsBefore;
  }

  get state(): NavigationState {
    return this.#state;
  }

  /** The path that is followed, a point every 0.1 m; empty when there is none. */
  get path(): readonly Point2[] {
    return this.#path;
  }

  get hasGoal(): boolean {
    return this.#task !== undefined;
  }

  /** The goal has ended, and its result waits for the robot to stand. */
  get isEnding(): boolean {
    return this.#task?.ending !== undefined;
  }

  /** Takes a goal; one that was under way ends as `cancelled`. Returns the id under which the result will come. */
  setGoal(goal: NavigationGoal, options: GoalOptions = {}): number {
    if (!isFinitePose({ x: goal.x, y: goal.y, yaw: goal.yaw ?? 0 })) {
      throw new Go2Error("BAD_GOAL", `(x ${goal.x}, y ${goal.y}, yaw ${goal.yaw}) is not a goal. Give finite numbers.`);
    }
    this.#finish({ status: "cancelled", error: sentence.replaced });
    const id = ++this.#goals;
    this.#task = { id, goal, options };
    this.#grid = undefined;
    return id;
  }

  /** Gives the goal up. Its result comes from a later tick, when the robot stands. Returns whether there was a goal. */
  cancelGoal(error: string = sentence.cancelled): boolean {
    return this.#end({ status: "cancelled", error });
  }

  /** The same, for a reason outside the planner: the goal ends as `blocked` with this sentence. */
  blockGoal(error: string): boolean {
    return this.#end({ status: "blocked", error });
  }

  /** The result of a goal that is not driven to. The one that is under way goes on. */
  refuseGoal(goal: NavigationGoal, error: string): NavigationResult {
    const pose = this.#lastPose ?? UNKNOWN_POSE;
    return { goalId: ++this.#goals, goal, status: "blocked", moved: 0, distanceLeft: Number.NaN, error, pose };
  }

  /**
   * Ends the goal of a robot that has never said where it is, as `blocked` unless it has ended already: there is no pose
   * for `tick`. Returns the results that wait.
   */
  endWithoutPose(error: string): readonly NavigationResult[] {
    this.#finish(this.#task?.ending ?? { status: "blocked", error });
    const done = this.#results;
    this.#results = [];
    return done;
  }

  /** Takes a new map; the next tick looks whether the path is still good on it. Throws for a map that is none. */
  setCostmap(costmap: CostmapMessage): void {
    assertCostmap(costmap);
    this.#costmap = costmap;
    this.#isNewMap = true;
  }

  /** Metres that goals keep from obstacles from now on. */
  setSafeGoalClearance(metres: number): void {
    if (!(Number.isFinite(metres) && metres >= 0)) {
      throw new Go2Error("BAD_GOAL", `A clearance of ${metres} m makes no sense. Give metres, 0 or more.`);
    }
    this._safeGoalClearance = metres;
  }

  resetSafeGoalClearance(): void {
    this._safeGoalClearance = SAFE_GOAL_CLEARANCE_M;
  }

  /** Plans from now on for a robot of this size: its distances to obstacles grow by what it is larger than a Go2. */
  setBody({ length, width }: BodySize): void {
    if (!(Number.isFinite(length) && Number.isFinite(width) && length > 0 && width > 0)) {
      throw new Go2Error("BAD_BODY", `A robot of ${length} m by ${width} m makes no sense. Give metres, above 0.`);
    }
    this.#marginM = Math.max((length - BODY_LENGTH_M) / 2, (width - ROBOT_WIDTH_M) / 2, 0);
    this.#grid = undefined;
  }

  /** @param nowSeconds a time that never runs backwards */
  tick(pose: PlanarPose, nowSeconds: number): NavigationTick {
    if (!isFinitePose(pose)) {
      throw new Go2Error(
        "BAD_COMMAND",
        `(x ${pose.x}, y ${pose.y}, yaw ${pose.yaw}) is not a pose. Check the odometry.`,
      );
    }
    this.#noticeJump(pose);
    const command = this.#advance(pose, nowSeconds);
    this.#lastPose = pose;
    const route = this.#task?.ending === undefined ? this.#task?.run?.route : undefined;
    const path = route?.path.points ?? [];
    const hasNewPath = path !== this.#path && (path.length > 0 || this.#path.length > 0);
    this.#path = path;
    const done = this.#results;
    this.#results = [];
    const doubt = this.#doubtsMap ? { doubt: { x: pose.x, y: pose.y } } : {};
    this.#doubtsMap = false;
    return { command, state: this.#state, done, ...(hasNewPath ? { path } : {}), ...doubt };
  }

  /** Robot and goal are not where they were for each other any more. */
  #noticeJump(pose: PlanarPose): void {
    if (this.#lastPose === undefined || this.#task?.run === undefined) return;
    const by = planarDistance(this.#lastPose, pose);
    if (by <= ODOMETRY_JUMP_M) return;
    const { ending } = this.#task;
    if (ending === undefined) this.blockGoal(sentence.odometryJumped(by));
    else this.#task.ending = { ...ending, error: `${ending.error ?? ""} ${sentence.odometryJumped(by)}`.trim() };
  }

  #end(ending: Ending): boolean {
    if (this.#task === undefined) return false;
    this.#task.ending ??= { ...ending, at: Number.NaN };
    return true;
  }

  #advance(pose: PlanarPose, now: number) {
    const task = this.#task;
    if (task === undefined) {
      this.#state = IDLE;
      return STANDSTILL;
    }
    task.run ??= new GoalRun(task.goal, task.options, pose, now);
    if (task.ending === undefined) {
      const output = this.#drive(task, task.run, pose, now);
      this.#state = output.state;
      this.#doubtsMap = output.doubtsMap === true;
      if (output.ending === undefined) return output.command;
      task.ending = { ...output.ending, at: now };
    }
    this.#stop(task.run, task.ending, pose, now);
    return STANDSTILL;
  }

  #drive(task: Task, run: GoalRun, pose: PlanarPose, now: number): GoalRunOutput {
    const lost = this.#costmap === undefined ? undefined : whyOffTheMap(this.#costmap, task.goal, pose);
    if (lost !== undefined) {
      return { command: STANDSTILL, state: this.#state, ending: { status: "blocked", error: lost } satisfies Ending };
    }
    const isNewGrid = this.#refreshGrid(task.goal, pose);
    return run.tick({
      pose,
      now,
      grid: this.#grid,
      isNewGrid,
      safeGoalClearance: this._safeGoalClearance,
      maplessRangeM: this.#maplessRangeM,
    });
  }

  /** Waits for the robot to stand, so that the result measures where it ended up. */
  #stop(run: GoalRun, ending: Ending & { readonly at: number }, pose: PlanarPose, now: number): void {
    const since = Number.isNaN(ending.at) ? now : ending.at;
    if (this.#task !== undefined) this.#task.ending = { ...ending, at: since };
    this.#state = {
      status: "stopping",
      goal: run.goal,
      distanceLeft: planarDistance(pose, run.goal),
      detail: sentence.stopping(ending.status),
    };
    const isStill = this.#lastPose !== undefined && planarDistance(pose, this.#lastPose) < STANDING_STILL_M;
    if (now > since && (isStill || now - since >= STOPPING_S)) {
      this.#lastPose = pose;
      this.#finish(ending);
      this.#state = IDLE;
    }
  }

  #finish({ status, error }: Ending): void {
    const task = this.#task;
    this.#task = undefined;
    const pose = this.#lastPose;
    if (task === undefined) return;
    const distanceLeft = pose === undefined ? Number.NaN : planarDistance(pose, task.goal);
    const turnLeft = pose === undefined ? 0 : (task.run?.turnLeft(pose) ?? 0);
    const tolerance = toleranceOf(task.options);
    const isMissed = status === "reached" && !isWithin(distanceLeft, turnLeft, tolerance);
    const why = isMissed ? sentence.missed(distanceLeft, turnLeft, tolerance) : error;
    this.#results.push({
      goalId: task.id,
      goal: task.goal,
      status: isMissed ? "blocked" : status,
      moved: pose === undefined || task.run === undefined ? 0 : planarDistance(task.run.startPose, pose),
      distanceLeft,
      pose: pose ?? UNKNOWN_POSE,
      ...(why === undefined ? {} : { error: why }),
    });
  }

  #refreshGrid(goal: NavigationGoal, pose: PlanarPose): boolean {
    if (this.#costmap === undefined || (this.#grid !== undefined && !this.#isNewMap)) return false;
    this.#grid = new PlanningGrid(this.#costmap, pose, [pose, goal], this.#marginM);
    this.#isNewMap = false;
    return true;
  }
}

import { randomInt } from "node:crypto";
import { type DeepReadonly, describeHold, type In, Module, optional, rpc, runOf, spec } from "@dimos/core";
import {
  Bool,
  Path,
  type PoseStamped,
  quaternionFromYaw,
  Twist,
  timeFromSeconds,
  yawFromQuaternion,
} from "@dimos/msgs";
import { z } from "zod";
import type { PlanarPose } from "../planar-pose.ts";
import { type BodySize, GlobalPlanner } from "../planning/global-planner.ts";
import type { GoalOptions, NavigationGoal, NavigationResult as PlannedResult } from "../planning/navigation.ts";
import type { Point2 } from "../planning/path-shape.ts";
import { DOUBT_RADIUS_M } from "../planning/recovery.ts";
import { sentence } from "../planning/sentences.ts";
import { parseGoal } from "./goal-request.ts";
import { KEEP_PERIOD_MS, KeptGoal } from "./kept-goal.ts";
import { MapDoubt, NavigationResult, NavigationState } from "./navigation-messages.ts";
import { planarPose } from "./odometry-pose.ts";
import { OwnCostmap, OwnGoal, OwnOdometry, WORKING_FRAME } from "./own-ports.ts";

/** Control at 10 Hz, as on the real robot. Milliseconds. */
const CONTROL_PERIOD_MS = 100;
/** Without odometry for this long the robot is not steered. Milliseconds. */
const ODOMETRY_MAX_AGE_MS = 500;
/**
 * Control periods without a new map after which the robot stands: 1.5 s. Obstacles that have moved into the way since are
 * not on the map, and a lidar that sees nothing does not renew it.
 */
const MAP_MAX_TICKS = 15;
/**
 * Without odometry, or without a new map, for so many control periods a goal is given up: 3 s. Periods and not time,
 * because a process that was held up has had no chance to hear anything.
 */
const PATIENCE_TICKS = 30;
/** Longer than any goal is under way. Milliseconds. */
const HELD_MS = 24 * 60 * 60_000;
/** After so long without a tick the robot has stopped by itself. Milliseconds. */
const LATE_TICK_MS = 500;
/** A latched stream gives a planner that starts the last map. An older one than this is not renewed any more. Milliseconds. */
const MAP_MAX_AGE_MS = 3000;

/** Numbers of goals and sessions begin below this: those of a planner that was killed are not those of the next one. */
const FIRST_NUMBERS = 2 ** 40;

/** Whoever says how large the robot is: the connection of one that is no Go2. */
interface KnowsItsBody {
  bodySize(): Promise<BodySize>;
}

/** Drives to goals: plans on the costmap, follows the path, plans again when the world is not as it was. */
export class ReplanningAStarPlanner extends Module({
  source: import.meta.url,
  config: z.object({
    maplessRange: z
      .number()
      .min(0)
      .max(5)
      .default(0)
      .describe("without any map, goals this near are driven to blindly, metres; 0 waits for a map"),
  }),
  inputs: {
    odom: OwnOdometry,
    globalCostmap: { ...OwnCostmap, qos: { ...OwnCostmap.type.qos, maxAgeMs: MAP_MAX_AGE_MS } },
    goalRequest: OwnGoal,
    clickedPoint: OwnGoal,
    stopMovement: Bool,
  },
  outputs: {
    path: Path,
    navCmdVel: Twist,
    goalReached: Bool,
    navigationState: NavigationState,
    navigationResult: NavigationResult,
    mapDoubt: MapDoubt,
  },
  refs: { robot: optional(spec<KnowsItsBody>()("bodySize")) },
}) {
  /** Read from outside as an example: `app.ReplanningAStarPlanner._planner._safeGoalClearance`. */
  _planner = new GlobalPlanner({ maplessRangeM: this.config.maplessRange, goalsBefore: randomInt(FIRST_NUMBERS) });
  #session = randomInt(FIRST_NUMBERS);
  #goalId: number | undefined;
  #wasReached = false;
  readonly #kept = new KeptGoal();
  /** Where the goal came in, if it came by a stream. */
  #goalInput: In<PoseStamped> | undefined;
  #lastTickMs = Number.POSITIVE_INFINITY;
  #lastPose: PlanarPose | undefined;
  #lastOdometryMs = Number.NEGATIVE_INFINITY;
  #ticksWithoutOdometry = 0;
  /** Undefined until the first map. */
  #ticksWithoutMap: number | undefined;
  #ticksOfGoal = 0;
  /** The state of the planner is one of this goal, and not of the one before. */
  #hasBegun = false;
  #lastSeconds = 0;
  #isDriving = false;
  #isStopped = false;

  override async start() {
    if (this.robot !== undefined) this._planner.setBody(await this.robot.bodySize());
    this.odom.subscribe((odometry) => {
      this.#lastPose = planarPose(odometry);
      this.#lastOdometryMs = this.clock.now();
      this.#ticksWithoutOdometry = 0;
    });
    this.globalCostmap.subscribe((costmap) => {
      this._planner.setCostmap(costmap);
      this.#ticksWithoutMap = 0;
    });
    // There is a map, but none to drive on: not even goals within `maplessRange` are driven to.
    this.globalCostmap.onRefused(() => {
      this.#ticksWithoutMap ??= Number.POSITIVE_INFINITY;
    });
    for (const goals of [this.goalRequest, this.clickedPoint]) {
      goals.subscribe((goal) => this.#takeGoal(goal, goals));
      goals.onRefused((fault, goal) => this.#refuseGoal(goal as DeepReadonly<PoseStamped>, fault));
      goals.onSourceLost(
        (loss) => goals === this.#goalInput && this.#cancelFor(sentence.moduleLost(loss, "the goal came from")),
      );
    }
    this.stopMovement.subscribe(({ data }) => data && void this.#cancel());
    // What was driven to is not driven to again after the reset, and what is asked for meanwhile is not driven to at all.
    this.onEstop(({ latched }) => {
      this.#isStopped = latched;
      if (latched) this.#cancel();
    });
    this.navCmdVel.onPathLost((loss) => this.#loseGoal(sentence.moduleLost(loss, "the robot is driven through")));
    // There are maps and odometry again soon, perhaps even before these are missed: the robot must not go on by itself then.
    this.globalCostmap.onSourceLost((loss) => this.#loseGoal(sentence.moduleLost(loss, "the map comes from")));
    this.odom.onSourceLost((loss) => this.#loseGoal(sentence.moduleLost(loss, "tells where the robot is")));
    this.onHold((hold) => {
      if (hold.phase === "ended" && hold.isCancelled) this.#loseGoal(describeHold(hold.heldMs, hold.reason));
    });
    this.clock.interval(CONTROL_PERIOD_MS, () => this.#tick());
    // Of real time, as those who keep a goal: they may be in another process, where the clock of a simulation is not.
    const listening = setInterval(() => this.#giveUpUnwanted(), KEEP_PERIOD_MS);
    this.onStop(() => clearInterval(listening));
  }

  override async stop() {
    if (this.#isDriving) await this.navCmdVel.publish(twist(0, 0, 0));
  }

  /** Takes a goal in the frame of the odometry, metres and radians. Resolves to its id, which `navigationResult` carries. */
  setGoal = rpc(
    async (goal: NavigationGoal, options: GoalOptions = {}): Promise<number> => this.#setGoal(parseGoal(goal, options)),
    { moves: true },
  );

  /** Gives a goal up: this one, or whatever is under way. Resolves to whether there was one. */
  cancelGoal = rpc(async (goalId?: number): Promise<boolean> => {
    if (goalId !== undefined && goalId !== this.#goalId) return false;
    return this.#cancel();
  });

  /**
   * Says that somebody still wants this goal, and will say so again: when that does not come for 1.5 s, the goal is given
   * up. A goal of which it was never said is driven to in any case. Resolves to whether it is under way.
   */
  keepGoal = rpc(async (goalId: number): Promise<boolean> => {
    if (goalId !== this.#goalId || !this._planner.hasGoal) return false;
    this.#kept.keep(goalId);
    return true;
  });

  /**
   * Resolves when this goal is not under way any more. It is given up as soon as the caller of this is gone: killed, or cut
   * off. One that is stopped shows by `keepGoal`.
   */
  holdGoal = rpc(
    async (goalId: number): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const caller = runOf(this).answering()?.signal;
      const look = setInterval(() => (goalId !== this.#goalId || !this._planner.hasGoal) && resolve(), KEEP_PERIOD_MS);
      const over = new AbortController();
      for (const signal of [caller, this.signal])
        signal?.addEventListener("abort", () => resolve(), { signal: over.signal });
      await promise;
      clearInterval(look);
      over.abort();
      if (caller?.aborted === true && goalId === this.#goalId && this.#cancel())
        this.log.warn("The goal was given up: whoever asked for it is gone");
    },
    { timeoutMs: HELD_MS },
  );

  getState = rpc(async () => ({ ...this._planner.state, goalId: this.#goalId }));

  /** Whether the last goal was reached. */
  isGoalReached = rpc(async (): Promise<boolean> => this.#wasReached);

  /** Metres that goals keep from obstacles. */
  setSafeGoalClearance = rpc(async (metres: number): Promise<void> => this._planner.setSafeGoalClearance(metres));

  resetSafeGoalClearance = rpc(async (): Promise<void> => this._planner.resetSafeGoalClearance());

  #setGoal({ goal, options }: { readonly goal: NavigationGoal; readonly options: GoalOptions }): number {
    this.#goalId = this._planner.setGoal(goal, options);
    this.#goalInput = undefined;
    this.#wasReached = false;
    this.#ticksOfGoal = 0;
    this.#hasBegun = false;
    return this.#goalId;
  }

  #takeGoal(goal: DeepReadonly<PoseStamped>, input: In<PoseStamped>): void {
    if (this.#isStopped) {
      this.log.warn("A goal was refused: the emergency stop is latched");
      this.#refuseGoal(goal, "the emergency stop is latched");
      return;
    }
    const { position, orientation } = goal.pose;
    this.#setGoal(parseGoal({ x: position.x, y: position.y, yaw: yawFromQuaternion(orientation) }, {}));
    this.#goalInput = input;
  }

  /** The sender waits for a result. The goal may have any shape. */
  #refuseGoal(goal: DeepReadonly<Partial<PoseStamped>>, fault: string): void {
    const { x = Number.NaN, y = Number.NaN } = goal.pose?.position ?? {};
    this.navigationResult.publish(this._planner.refuseGoal({ x, y }, sentence.goalRefused(fault)));
    // This answer has no id: it would be taken for that of the goal under way.
    if (!this._planner.hasGoal) this.goalReached.publish({ data: false });
  }

  /** The robot is halted now and not at the next tick. */
  #cancel(error?: string): boolean {
    const hadGoal = this._planner.cancelGoal(error);
    if (hadGoal && this.#isDriving) this.navCmdVel.publish(twist(0, 0, 0));
    return hadGoal;
  }

  /** Something between here and the legs, or what the robot drives by, was lost or held. It must not go on by itself. */
  #loseGoal(error: string): void {
    this.#cancelFor(error);
    this.#session++;
    this.#tellState();
  }

  /** One loss may be told of twice: who drives the robot also tells where it is. */
  #cancelFor(error: string): void {
    const wasEnding = this._planner.isEnding;
    if (this.#cancel(error) && !wasEnding) this.log.warn(`The goal was cancelled. ${error}`);
  }

  #tick(): void {
    // What came while this process was stopped or held up is heard before the robot sets off again: the goal may be lost.
    const nowMs = this.clock.now();
    const isLate = nowMs - this.#lastTickMs > LATE_TICK_MS;
    this.#lastTickMs = nowMs;
    if (isLate) return;
    const pose = this.#lastPose;
    if (pose === undefined) {
      this.#tickWithoutPose();
      return;
    }
    this.#ticksWithoutOdometry++;
    if (this.#ticksWithoutMap !== undefined) this.#ticksWithoutMap++;
    // A silence from before the goal does not end it: the silent module may just have been restarted. The robot waits.
    const isPatient = ++this.#ticksOfGoal <= PATIENCE_TICKS && this._planner.hasGoal && !this._planner.isEnding;
    if (this.#ticksWithoutOdometry > PATIENCE_TICKS && !isPatient)
      this._planner.blockGoal(sentence.noOdometry(this.odom.fault));
    else if (this.clock.now() - this.#lastOdometryMs > ODOMETRY_MAX_AGE_MS || this.#cannotSeeItStop) {
      this.#drive(0, 0, 0, false);
      return;
    }
    const mapTicks = this.#ticksWithoutMap ?? 0;
    if (mapTicks > PATIENCE_TICKS && !isPatient) this._planner.blockGoal(sentence.oldMap(this.globalCostmap.fault));
    else if (mapTicks > MAP_MAX_TICKS && this._planner.hasGoal && !this._planner.isEnding) {
      this.#drive(0, 0, 0, false);
      if (this.#hasBegun) this.#tellState(sentence.standsForMap);
      return;
    }
    this.#lastSeconds = this.clock.now() / 1000;
    const { command, path, doubt, done } = this._planner.tick(pose, this.#lastSeconds);
    this.#hasBegun = true;
    this.#drive(command.vx, command.vy, command.vyaw, this._planner.hasGoal);
    if (path !== undefined) this.path.publish(this.#pathMessage(path));
    if (doubt !== undefined) this.mapDoubt.publish({ ...doubt, radius: DOUBT_RADIUS_M });
    this.#tellState();
    this.#tellResults(done);
  }

  /** The robot has never said where it is. */
  #tickWithoutPose(): void {
    if (!this._planner.hasGoal || (++this.#ticksOfGoal <= PATIENCE_TICKS && !this._planner.isEnding)) return;
    this.#tellResults(this._planner.endWithoutPose(sentence.noOdometry(this.odom.fault)));
  }

  #tellResults(results: readonly PlannedResult[]): void {
    for (const result of results) {
      this.#wasReached = result.status === "reached";
      this.navigationResult.publish(result);
      this.goalReached.publish({ data: this.#wasReached });
    }
  }

  /** The result of a goal measures where the robot came to stand: odometry of before does not show that. */
  get #cannotSeeItStop(): boolean {
    return this._planner.isEnding && this.#ticksWithoutOdometry > 1;
  }

  #tellState(why?: string): void {
    const goalId = this._planner.hasGoal ? { goalId: this.#goalId as number } : {};
    const { status, goal, distanceLeft, detail } = this._planner.state;
    const about = { ...goalId, ...(goal === undefined ? {} : { goal }), session: this.#session };
    this.navigationState.publish({ status, distanceLeft, detail: why ?? detail, ...about });
  }

  /** Whoever wanted the goal may have been killed. */
  #giveUpUnwanted(): void {
    const goalId = this.#kept.missOne();
    if (goalId !== undefined && goalId === this.#goalId && this.#cancel())
      this.log.warn("The goal was given up: whoever asked for it has said nothing more");
  }

  /** Velocities are sent while there is a goal, and one standstill after it: others may drive then. */
  #drive(vx: number, vy: number, vyaw: number, hasGoal: boolean): void {
    if (hasGoal || this.#isDriving) this.navCmdVel.publish(twist(vx, vy, vyaw));
    this.#isDriving = hasGoal;
  }

  #pathMessage(points: readonly Point2[]): Path {
    const header = { stamp: timeFromSeconds(this.#lastSeconds), frameId: this.frame(WORKING_FRAME) };
    const orientation = quaternionFromYaw(0);
    return { header, poses: points.map(({ x, y }) => ({ header, pose: { position: { x, y, z: 0 }, orientation } })) };
  }
}

function twist(vx: number, vy: number, vyaw: number): Twist {
  return { linear: { x: vx, y: vy, z: 0 }, angular: { x: 0, y: 0, z: vyaw } };
}

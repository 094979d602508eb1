import type { Clock, DeepReadonly, In, Out } from "@dimos/core";
import {
  type Bool,
  type OccupancyGrid,
  type Odometry,
  type PoseStamped,
  quaternionFromYaw,
  timeFromSeconds,
} from "@dimos/msgs";
import { Go2Error } from "../errors.ts";
import { Exploration, type Step } from "../exploration/exploration.ts";
import type { PlanarPose } from "../planar-pose.ts";
import type { ExplorationState } from "./exploration-state.ts";
import { KEEP_PERIOD_MS, type KeepsGoals } from "./kept-goal.ts";
import { LOST_GOAL, LostGoalWatch, plannerLoss } from "./lost-goal.ts";
import type { NavigationResult, NavigationState } from "./navigation-messages.ts";
import { planarPose } from "./odometry-pose.ts";
import { SESSION_OVER, SessionWatch } from "./session-watch.ts";
import { WalkedDistance } from "./walked-distance.ts";

/** A map may close a frontier for a moment: so many in a row must show none. */
const LOOKS_TO_BE_SURE = 3;
/** An exploration fails after this long without a map, odometry, or a state of the planner. Milliseconds of real time. */
const SILENCE_MS = 5000;
/** How long the robot may take to stand at the end. Milliseconds. */
const HALT_MS = 2000;

interface Ports {
  readonly clock: Clock;
  readonly globalCostmap: In<OccupancyGrid>;
  readonly odom: In<Odometry>;
  readonly navigationState: In<NavigationState>;
  readonly navigationResult: In<NavigationResult>;
  readonly goalRequest: Out<PoseStamped>;
  readonly stopMovement: Out<Bool>;
  /** Undefined when the planner has no such method: then it drives on when nobody explores any more. */
  readonly planner: KeepsGoals | undefined;
}

type Ending = Exclude<ExplorationState["status"], "idle" | "exploring">;

const NO_FLOOR =
  "The map shows no floor where the robot is, so it cannot tell what is left to see. Does the lidar see the floor, and are map and odometry in one frame?";
const NO_FRONTIER = "No frontier is left: all floor that can be reached has been seen.";

/** One exploration from its begin to its end. */
export class ExplorationDrive {
  readonly #ports: Ports;
  readonly #timeoutS: number;
  readonly #tell: (state: ExplorationState) => void;
  readonly #exploration = new Exploration();
  readonly #walked = new WalkedDistance();
  readonly #ended = Promise.withResolvers<{ readonly status: Ending; readonly detail: string }>();
  /** Heard of last; the robot may still be on its way there. */
  #sent: PlanarPose | undefined;
  /** Under which the planner drives there. */
  #goalId: number | undefined;
  #watch = new LostGoalWatch();
  readonly #session: SessionWatch;
  /** No goal is sent any more. */
  #isOver = false;
  #looksWithoutFrontier = 0;
  #beganMs = 0;

  constructor(ports: Ports, timeoutS: number, tell: (state: ExplorationState) => void) {
    this.#ports = ports;
    this.#timeoutS = timeoutS;
    this.#tell = tell;
    this.#session = new SessionWatch(ports.navigationState.latest());
  }

  /** Explores until nothing is left, or the signal aborts. Resolves when the robot stands. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, globalCostmap, odom, navigationState, navigationResult } = this.#ports;
    this.#beganMs = clock.now();
    const standing = odom.latest();
    if (standing !== undefined) this.#walked.add(planarPose(standing));
    const end = (status: Ending, detail: string) => this.#ended.resolve({ status, detail });
    const heard = { map: false, odometry: false, planner: false };
    const silence = setTimeout(() => end("failed", this.#whySilent(heard)), SILENCE_MS);
    const hear = (from: keyof typeof heard) => {
      heard[from] = true;
      if (!heard.map || !heard.odometry || !heard.planner) return;
      silence.refresh();
      heard.map = false;
      heard.odometry = false;
      heard.planner = false;
    };
    const leave = [
      odom.subscribe((odometry) => {
        hear("odometry");
        this.#walked.add(planarPose(odometry));
      }),
      navigationState.subscribe((state) => {
        hear("planner");
        this.#watchGoal(state);
      }),
      navigationResult.subscribe((result) => this.#take(result)),
      globalCostmap.subscribe((costmap) => {
        hear("map");
        this.#look(costmap);
      }),
    ];
    const keeping = setInterval(() => this.#keep(), KEEP_PERIOD_MS);
    const onAbort = () => end("stopped", "The exploration was ended.");
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    try {
      const { status, detail } = await this.#ended.promise;
      this.#isOver = true;
      const why = await this.#halt();
      this.#report(status, detail === SESSION_OVER && why !== undefined ? why : detail);
    } finally {
      clearTimeout(silence);
      clearInterval(keeping);
      signal.removeEventListener("abort", onAbort);
      for (const unsubscribe of leave) unsubscribe();
    }
  }

  #whySilent(heard: { readonly map: boolean; readonly odometry: boolean }): string {
    const { globalCostmap, odom } = this.#ports;
    if (!heard.map && globalCostmap.fault !== undefined)
      return `The map could not be used for 5 s: ${globalCostmap.fault}.`;
    if (!heard.odometry && odom.fault !== undefined) return `The odometry could not be used for 5 s: ${odom.fault}.`;
    return "No map, no odometry, or nothing of the planner, has come for 5 s. Are VoxelGridMapper, Go2Connection and the planner running, and does the lidar see anything?";
  }

  /** The planner tells the id of the goal, and that it still drives there. */
  #watchGoal(state: DeepReadonly<NavigationState>): void {
    if (this.#session.isOver(state)) this.#ended.resolve({ status: "interrupted", detail: SESSION_OVER });
    const sent = this.#sent;
    if (sent === undefined) return;
    const isOf = ({ goal }: DeepReadonly<NavigationState>) => goal?.x === sent.x && goal.y === sent.y;
    if (isOf(state)) this.#goalId = state.goalId;
    if (this.#watch.isLost(state, isOf)) this.#ended.resolve({ status: "failed", detail: LOST_GOAL });
  }

  #keep(): void {
    if (this.#goalId === undefined) return;
    this.#ports.planner?.keepGoal(this.#goalId).catch((error) => {
      const detail = plannerLoss(error);
      // A planner that does not answer falls silent as well.
      if (detail !== undefined) this.#ended.resolve({ status: "interrupted", detail });
    });
  }

  #look(costmap: DeepReadonly<OccupancyGrid>): void {
    const { clock, odom } = this.#ports;
    const odometry = odom.latest();
    if (odometry === undefined || this.#isOver) return;
    if ((clock.now() - this.#beganMs) / 1000 > this.#timeoutS) {
      this.#ended.resolve({ status: "timeout", detail: `Not done after ${this.#timeoutS} s.` });
      return;
    }
    const robot = planarPose(odometry);
    const step = this.#stepOn(costmap as OccupancyGrid, robot);
    if (step === undefined) return;
    if (step.kind === "done" || step.kind === "lost") this.#nothingLeft(step.kind);
    else this.#looksWithoutFrontier = 0;
    if (step.kind === "go") this.#send(step.goal, costmap.header.frameId);
    const { frontiers } = this.#exploration.coverage;
    this.#report("exploring", `${frontiers} ${frontiers === 1 ? "frontier" : "frontiers"} left to look at.`);
  }

  /** Undefined for a map on which nothing can be looked for: that ends the exploration. */
  #stepOn(costmap: OccupancyGrid, robot: PlanarPose): Step | undefined {
    try {
      return this.#exploration.look(costmap, robot);
    } catch (error) {
      if (!(error instanceof Go2Error)) throw error;
      this.#ended.resolve({ status: "failed", detail: error.message });
      return undefined;
    }
  }

  #nothingLeft(why: "done" | "lost"): void {
    if (this.#sent !== undefined) void this.#ports.stopMovement.publish({ data: true });
    if (++this.#looksWithoutFrontier < LOOKS_TO_BE_SURE) return;
    if (why === "lost") {
      this.#ended.resolve({ status: "failed", detail: NO_FLOOR });
      return;
    }
    const { unreachable } = this.#exploration.coverage;
    const rest = unreachable === 0 ? "" : ` ${unreachable} could not be reached.`;
    this.#ended.resolve({
      status: "complete",
      detail: unreachable === 0 ? NO_FRONTIER : `No other frontier is left;${rest}`,
    });
  }

  #send(goal: PlanarPose, frameId: string): void {
    this.#sent = goal;
    this.#goalId = undefined;
    this.#watch = new LostGoalWatch();
    void this.#ports.goalRequest.publish({
      header: { stamp: timeFromSeconds(this.#ports.clock.now() / 1000), frameId },
      pose: { position: { x: goal.x, y: goal.y, z: 0 }, orientation: quaternionFromYaw(goal.yaw) },
    });
  }

  #take({ goal, status, error }: DeepReadonly<NavigationResult>): void {
    if (this.#sent === undefined || goal.x !== this.#sent.x || goal.y !== this.#sent.y) return;
    this.#sent = undefined;
    this.#goalId = undefined;
    if (this.#exploration.goal === undefined) return;
    if (status === "cancelled") {
      this.#ended.resolve({ status: "interrupted", detail: `Something else took over: ${error ?? "goal cancelled."}` });
      return;
    }
    this.#exploration.goalEnded(status === "reached");
    const costmap = this.#ports.globalCostmap.latest();
    if (costmap !== undefined) this.#look(costmap);
  }

  /**
   * Takes the goal back that may still be driven to, and waits for its result: it comes when the robot stands. Resolves to
   * why the planner says that it ended.
   */
  async #halt(): Promise<string | undefined> {
    const goal = this.#sent;
    if (goal === undefined) return undefined;
    const { clock, navigationResult, stopMovement } = this.#ports;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const leave = navigationResult.subscribe((result) => {
      if (result.goal.x === goal.x && result.goal.y === goal.y) resolve(result.error);
    });
    const waited = new AbortController();
    void stopMovement.publish({ data: true });
    try {
      // A module that stops has a clock that rejects: it does not wait.
      const late = clock.sleep(HALT_MS, { signal: waited.signal }).catch(() => {});
      return (await Promise.race([promise, late])) ?? undefined;
    } finally {
      leave();
      waited.abort();
    }
  }

  #report(status: ExplorationState["status"], detail: string): void {
    const { goal } = this.#exploration;
    this.#tell({
      status,
      ...this.#exploration.coverage,
      distance: this.#walked.metres,
      seconds: (this.#ports.clock.now() - this.#beganMs) / 1000,
      ...(status === "exploring" && goal !== undefined ? { goal: { x: goal.x, y: goal.y } } : {}),
      detail,
    });
  }
}

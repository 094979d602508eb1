import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import type { Point2 } from "../planning/path-shape.ts";
import { type CostmapMessage, PlanningGrid } from "../planning/planning-grid.ts";
import { type Frontier, findFrontiers, knownFloor } from "./frontiers.ts";

/** Frontiers with less unknown floor behind them are left alone. Square metres. */
const MIN_GAIN_M2 = 0.1;
/** More unknown floor than this makes a frontier no better. Square metres. */
const ENOUGH_GAIN_M2 = 3;
/** A frontier one metre farther away counts for so much less: `exp(-0.25)`. */
const DISTANCE_DECAY_PER_M = 0.25;
/** A goal is kept while a frontier is this near to it. Metres. */
const SAME_FRONTIER_M = 0.6;
/** A goal that was not reached makes the frontiers this near to it unreachable. Metres. */
const BLACKLIST_RADIUS_M = 0.5;
/** A frontier is tried so often: what was in the way may have moved on. */
const MAX_ATTEMPTS = 2;

export type Step =
  /** Drive there. */
  | { readonly kind: "go"; readonly goal: PlanarPose }
  /** Go on to the goal that was given. */
  | { readonly kind: "keep" }
  /** No frontier is left, or none that can be reached. */
  | { readonly kind: "done" }
  /** The map shows no floor where the robot is: what can be reached from there has not been seen. */
  | { readonly kind: "lost" };

/** What has been seen so far. */
export interface Coverage {
  /** Known floor, square metres. */
  readonly area: number;
  /** Known floor as a share of itself and of the unknown floor behind the frontiers: 1 when none is left. */
  readonly fraction: number;
  /** Frontiers that can be driven to. */
  readonly frontiers: number;
  /** Frontiers that were given up. */
  readonly unreachable: number;
}

interface Failure {
  readonly at: Point2;
  attempts: number;
}

/** Decides where to look next. It knows no timer and no stream: `look` is called with every new map. */
export class Exploration {
  #goal: PlanarPose | undefined;
  readonly #failures: Failure[] = [];
  #coverage: Coverage = { area: 0, fraction: 0, frontiers: 0, unreachable: 0 };

  get coverage(): Coverage {
    return this.#coverage;
  }

  /** Where the robot was sent, until `goalEnded`. */
  get goal(): PlanarPose | undefined {
    return this.#goal;
  }

  /** Chooses among the frontiers of a map, with the robot at `robot`, both in one frame. */
  look(costmap: CostmapMessage, robot: PlanarPose): Step {
    const grid = new PlanningGrid(costmap, robot, [robot]);
    const all = findFrontiers(grid, robot, MIN_GAIN_M2);
    const open = all.filter((frontier) => this.#attemptsAt(frontier.goal) < MAX_ATTEMPTS);
    this.#measure(grid, all, open.length);
    const goal = this.#goal;
    if (goal !== undefined && all.some((frontier) => planarDistance(frontier.goal, goal) < SAME_FRONTIER_M)) {
      return { kind: "keep" };
    }
    const best = this.#best(open);
    if (best === undefined) {
      this.#goal = undefined;
      const isOnFloor = all.length > 0 || grid.isKnown(grid.cellAt(robot.x, robot.y));
      return { kind: isOnFloor ? "done" : "lost" };
    }
    // Any heading would do, for the lidar sees all round; this one needs the least turning.
    const yaw = Math.atan2(best.goal.y - robot.y, best.goal.x - robot.x);
    this.#goal = { ...best.goal, yaw };
    return { kind: "go", goal: this.#goal };
  }

  /** The robot is no longer on its way to the goal. Not having got there counts against the frontier. */
  goalEnded(wasReached: boolean): void {
    const goal = this.#goal;
    this.#goal = undefined;
    // A goal that was reached and still borders on unknown floor shows no more from there either.
    if (goal === undefined) return;
    const known = this.#failures.find(({ at }) => planarDistance(at, goal) < BLACKLIST_RADIUS_M);
    const attempts = wasReached ? MAX_ATTEMPTS : 1;
    if (known === undefined) this.#failures.push({ at: { x: goal.x, y: goal.y }, attempts });
    else known.attempts += attempts;
  }

  /**
   * Information gain against the way to it: `gain * exp(-decay * distance)`, after González-Baños & Latombe, "Navigation
   * strategies for exploring indoor environments" (IJRR 2002). Those that failed before come last.
   */
  #best(frontiers: readonly Frontier[]): Frontier | undefined {
    let best: Frontier | undefined;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const frontier of frontiers) {
      const gain = Math.min(frontier.gain, ENOUGH_GAIN_M2);
      const score = gain * Math.exp(-DISTANCE_DECAY_PER_M * frontier.distance) - 1000 * this.#attemptsAt(frontier.goal);
      if (score <= bestScore) continue;
      best = frontier;
      bestScore = score;
    }
    return best;
  }

  #attemptsAt(point: Point2): number {
    return this.#failures.find(({ at }) => planarDistance(at, point) < BLACKLIST_RADIUS_M)?.attempts ?? 0;
  }

  #measure(grid: PlanningGrid, frontiers: readonly Frontier[], open: number): void {
    const area = knownFloor(grid);
    const unknown = frontiers.reduce((sum, { gain }) => sum + gain, 0);
    this.#coverage = {
      area,
      fraction: area === 0 ? 0 : area / (area + unknown),
      frontiers: open,
      unreachable: frontiers.length - open,
    };
  }
}

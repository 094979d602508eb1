import { Module, skill, spec } from "@dimos/core";
import { z } from "zod";
import { Go2Error } from "../errors.ts";
import { coveragePoints } from "../patrol/coverage-points.ts";
import type { Place } from "../places/place-book.ts";
import type { NavigationGoal } from "../planning/navigation.ts";
import { currentPose } from "./current-pose.ts";
import { followGoal } from "./follow-goal.ts";
import { NavigationResult, NavigationState } from "./navigation-messages.ts";
import { OwnCostmap, OwnOdometry } from "./own-ports.ts";
import { PatrolState } from "./patrol-state.ts";
import { ReplanningAStarPlanner } from "./replanning-a-star-planner.ts";
import { SESSION_OVER, SessionWatch } from "./session-watch.ts";

/** Time for one point of a round. Seconds. */
const POINT_TIMEOUT_S = 180;

interface KnowsPlaces {
  findPlaces(names?: readonly string[]): Promise<Place[]>;
}

interface Stop {
  readonly name: string;
  readonly goal: NavigationGoal;
}

/** Goes its rounds: from place to place, or over all the floor that is known. */
export class Patrolling extends Module({
  source: import.meta.url,
  inputs: {
    odom: OwnOdometry,
    globalCostmap: OwnCostmap,
    navigationState: NavigationState,
    navigationResult: NavigationResult,
  },
  outputs: { patrolState: PatrolState },
  refs: { planner: ReplanningAStarPlanner, places: spec<KnowsPlaces>()("findPlaces") },
}) {
  #state: PatrolState = {
    ...{ status: "idle", rounds: 0, points: 0, reached: 0, missed: 0 },
    detail: "No patrol has begun yet.",
  };

  /** Begins to patrol, and answers at once with the points of the round. `stopPatrol` ends it. */
  startPatrol = skill(
    {
      description:
        "Patrol: go from place to place, round after round. Without names: the tagged places, or, when there are fewer than two, points all over the known floor. Answers at once and goes on until stopPatrol.",
      input: z.object({
        places: z.array(z.string().min(1)).optional().describe("names of places, see listLocations, in their order"),
        rounds: z.int().min(1).max(1000).optional().describe("left out: until stopPatrol"),
        pauseSeconds: z.number().min(0).max(600).default(0).describe("at each point"),
        spacing: z.number().min(1).max(20).default(3).describe("metres between points on the floor"),
      }),
      uses: ["movement"],
      lifecycle: "background",
      endedBy: "stopPatrol",
    },
    async ({ places, rounds = Number.POSITIVE_INFINITY, pauseSeconds, spacing }, { signal, accept }) => {
      const stops = await this.#stops(places, spacing, signal);
      const answer = { status: "patrolling" as const, points: stops.map(({ name }) => name) };
      return accept(answer, (work) => this.#patrol(stops, rounds, pauseSeconds, work.signal));
    },
  );

  /** Ends the patrol. Returns its report once the robot stands. */
  stopPatrol = skill({ description: "End the patrol. Returns its report once the robot stands." }, async () => {
    const wasPatrolling = await this.startPatrol.end(new Error("The patrol was ended."));
    return { wasPatrolling, ...this.#state };
  });

  /** How the patrol goes, or how the last one ended. */
  patrolStatus = skill({ description: "How the patrol goes, or how the last one ended." }, () => this.#state);

  async #stops(names: readonly string[] | undefined, spacing: number, signal: AbortSignal): Promise<Stop[]> {
    const known = await this.places.findPlaces(names);
    const chosen = names === undefined ? known.filter(({ origin }) => origin === "tagged") : known;
    if (names !== undefined ? chosen.length > 0 : chosen.length > 1) {
      return chosen.map(({ name, x, y, yaw }) => ({ name, goal: { x, y, yaw } }));
    }
    const costmap = this.globalCostmap.latest();
    const points = costmap === undefined ? [] : coveragePoints(costmap, await currentPose(this.odom, signal), spacing);
    const { fault } = this.globalCostmap;
    if (points.length < 2 && fault !== undefined)
      throw new Go2Error("NOTHING_TO_PATROL", `There is nothing to patrol: the map could not be used: ${fault}.`);
    if (points.length < 2) {
      throw new Go2Error(
        "NOTHING_TO_PATROL",
        "There is nothing to patrol: fewer than two places are tagged, and the known floor is too small. Explore first, or tag places.",
      );
    }
    return points.map(({ x, y }) => ({ name: `(${x.toFixed(1)}, ${y.toFixed(1)})`, goal: { x, y } }));
  }

  async #patrol(stops: readonly Stop[], rounds: number, pauseS: number, signal: AbortSignal): Promise<void> {
    const done = { rounds: 0, reached: 0, missed: 0 };
    const tell = (status: PatrolState["status"], detail: string, next?: string) => {
      this.#state = { status, ...done, points: stops.length, ...(next === undefined ? {} : { next }), detail };
      void this.patrolState.publish(this.#state);
    };
    const lost = new AbortController();
    const watch = new SessionWatch(this.navigationState.latest());
    const leave = this.navigationState.subscribe((state) => {
      if (watch.isOver(state)) lost.abort(new Go2Error("PLANNER_SILENT", SESSION_OVER));
    });
    const going = AbortSignal.any([signal, lost.signal]);
    try {
      for (; done.rounds < rounds; done.rounds++) {
        const reachedBefore = done.reached;
        let why = "";
        for (const { name, goal } of stops) {
          tell("patrolling", `Going to ${name}.`, name);
          const { status, error } = await this.#goTo(goal, going, signal);
          if (status === "reached") done.reached++;
          else {
            done.missed++;
            why = ` The last one: ${error ?? status}`;
          }
          if (lost.signal.aborted || status === "cancelled")
            return tell("interrupted", `The patrol was interrupted. ${error ?? SESSION_OVER}`);
          if (pauseS > 0) await this.clock.sleep(pauseS * 1000, { signal: going });
        }
        if (done.reached === reachedBefore) return tell("failed", `Nothing of a whole round could be reached.${why}`);
      }
      tell("complete", `Did ${done.rounds} ${done.rounds === 1 ? "round" : "rounds"}.`);
    } catch (error) {
      if (signal.aborted) return tell("stopped", "The patrol was ended.");
      if (lost.signal.aborted) return tell("interrupted", SESSION_OVER);
      tell("failed", error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      leave();
    }
  }

  /** Gives the goal up when `going` is aborted. Rejects, once the robot stands, when the patrol was ended meanwhile. */
  async #goTo(goal: NavigationGoal, going: AbortSignal, signal: AbortSignal): ReturnType<typeof followGoal> {
    const result = await followGoal(this, goal, { timeoutS: POINT_TIMEOUT_S }, { signal: going, progress: () => {} });
    signal.throwIfAborted();
    return result;
  }
}

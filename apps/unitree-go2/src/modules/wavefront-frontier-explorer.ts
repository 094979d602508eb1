import { type DeepReadonly, Module, optional, skill, spec } from "@dimos/core";
import { Bool, PoseStamped } from "@dimos/msgs";
import { z } from "zod";
import { ExplorationDrive } from "./exploration-drive.ts";
import { ExplorationState } from "./exploration-state.ts";
import type { KeepsGoals } from "./kept-goal.ts";
import { NavigationResult, NavigationState } from "./navigation-messages.ts";
import { OwnCostmap, OwnOdometry } from "./own-ports.ts";

const NOT_YET: ExplorationState = Object.freeze({
  status: "idle",
  area: 0,
  fraction: 0,
  frontiers: 0,
  unreachable: 0,
  distance: 0,
  seconds: 0,
  detail: "No exploration has begun yet.",
});

/**
 * Drives to where the known floor ends until none of it ends anywhere: frontier-based exploration (Yamauchi 1997) with
 * the wavefront frontier detector (Keidar & Kaminka 2012). Works with any planner that takes `goalRequest`; one that has
 * `keepGoal` gives a goal up when the explorer is gone.
 */
export class WavefrontFrontierExplorer extends Module({
  source: import.meta.url,
  inputs: {
    globalCostmap: OwnCostmap,
    odom: OwnOdometry,
    navigationState: NavigationState,
    navigationResult: NavigationResult,
  },
  outputs: { goalRequest: PoseStamped, stopMovement: Bool, explorationState: ExplorationState },
  refs: { planner: optional(spec<KeepsGoals>()("keepGoal")) },
}) {
  #state: DeepReadonly<ExplorationState> = NOT_YET;

  /** Begins to explore, and answers at once. It ends by itself when no frontier is left; see `explorationStatus`. */
  beginExploration = skill(
    {
      description:
        "Explore: drive to where the known floor ends until all that can be reached has been seen. Answers at once and goes on; explorationStatus tells how far it is, endExploration ends it.",
      input: z.object({
        maxMinutes: z.number().positive().max(600).default(30).describe("give up after this time, minutes"),
      }),
      uses: ["movement"],
      lifecycle: "background",
      endedBy: "endExploration",
    },
    ({ maxMinutes }, { accept }) => {
      const drive = new ExplorationDrive(this, maxMinutes * 60, (state) => {
        this.#state = state;
        void this.explorationState.publish(state);
      });
      return accept({ status: "exploring" as const, maxMinutes }, ({ signal }) => drive.run(signal));
    },
  );

  /** Ends the exploration. Returns its report once the robot stands. */
  endExploration = skill(
    { description: "End the exploration. Returns its report once the robot stands." },
    async () => {
      const wasExploring = await this.beginExploration.end(new Error("The exploration was ended."));
      return { wasExploring, ...this.#state };
    },
  );

  /** How far the exploration is, or how the last one ended. */
  explorationStatus = skill(
    { description: "How far the exploration is, or how the last one ended: area in square metres, metres, seconds." },
    () => this.#state,
  );
}

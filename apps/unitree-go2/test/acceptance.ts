import { wrapAngle } from "@dimos/msgs";
import type { Dimos } from "@dimos/porcelain";
import { expect } from "vitest";
import type { ExplorationState } from "../src/modules/exploration-state.ts";
import { planarDistance } from "../src/planar-pose.ts";
import { GOAL_TOLERANCE_M, HEADING_TOLERANCE_RAD } from "../src/planning/planner-constants.ts";
import type { CostmapMessage } from "../src/planning/planning-grid.ts";
import { ROTATION_DIAMETER_M } from "../src/simulator/body.ts";
import { loadWorld } from "../src/world/load-world.ts";
import { ReachableFloor } from "./reachable-floor.ts";
import { seededGoals } from "./seeded-goals.ts";
import { runSimulated } from "./simulated-run.ts";

/** Room around a goal at which the robot can stand and turn, with the 5 cm of a map cell to spare. */
const ROOM_M = ROTATION_DIAMETER_M / 2 + 0.05;

/** What the ground truth says about one world. Metres and seconds. */
export interface Acceptance {
  readonly world: string;
  readonly explored: number;
  readonly exploration: ExplorationState;
  readonly goals: number;
  readonly reached: number;
  readonly notReached: readonly string[];
  readonly collisions: number;
  readonly smallestClearance: number;
  readonly smallestGap: number;
  readonly travelled: number;
  readonly simulationS: number;
  readonly wallS: number;
}

/**
 * Explores a world with the whole stack, then sends the robot to seeded goals, and holds everything that was reported
 * against the ground truth of the world.
 */
export async function exploreAndDrive(world: string, goals: number, seed: number): Promise<Acceptance> {
  const startedMs = performance.now();
  const truthOf = (app: Dimos) => app.Go2Connection.groundTruth();
  await using app = await runSimulated({ world, seed });
  const began = Date.parse(await app.skills.currentTime());
  const { exploration, costmap } = await explore(app);
  const explored = new ReachableFloor(loadWorld(world)).shareKnown(costmap);
  let reached = 0;
  const notReached: string[] = [];
  for (const goal of seededGoals(loadWorld(world), goals, seed, ROOM_M)) {
    const before = (await truthOf(app)).pose;
    const result = await app.skills.navigateTo(goal);
    const { pose } = await truthOf(app);
    const where = `${world}, goal (${goal.x.toFixed(2)}, ${goal.y.toFixed(2)}): ${JSON.stringify(result)}`;
    expect(Math.abs(result.moved - planarDistance(before, pose)), where).toBeLessThan(0.1);
    expect(Math.abs(result.distanceLeft - planarDistance(pose, goal)), where).toBeLessThan(0.1);
    if (result.status === "reached") {
      reached++;
      expect(planarDistance(pose, goal), where).toBeLessThan(GOAL_TOLERANCE_M);
      expect(Math.abs(wrapAngle(pose.yaw - goal.yaw)), where).toBeLessThan(HEADING_TOLERANCE_RAD);
    } else {
      expect(result.error, where).toMatch(/\.$/);
      notReached.push(where);
    }
  }
  const { collisions, smallestClearance, smallestGap, travelled } = await truthOf(app);
  const simulationS = (Date.parse(await app.skills.currentTime()) - began) / 1000;
  const wallS = (performance.now() - startedMs) / 1000;
  return {
    ...{ world, explored, exploration, goals, reached, notReached },
    ...{ collisions, smallestClearance, smallestGap, travelled, simulationS, wallS },
  };
}

async function explore(app: Dimos) {
  const ended = Promise.withResolvers<ExplorationState>();
  const leave = await app.subscribe("explorationState", (message) => {
    const state = message as ExplorationState;
    if (state.status !== "exploring") ended.resolve(state);
  });
  expect(await app.skills.beginExploration()).toMatchObject({ status: "exploring" });
  const exploration = await ended.promise;
  leave();
  const costmap = (await app.peekStream("globalCostmap", { timeoutMs: 10_000 })) as CostmapMessage;
  return { exploration, costmap };
}

/** One row for people. */
export function tableRow(a: Acceptance): string {
  const cells = [
    a.world.padEnd(9),
    `explored ${(100 * a.explored).toFixed(1)} %`,
    `in ${a.exploration.seconds.toFixed(0)} s, ${a.exploration.distance.toFixed(0)} m`,
    `goals ${a.reached}/${a.goals}`,
    `collisions ${a.collisions}`,
    `clearance ${a.smallestClearance.toFixed(3)} m (body ${a.smallestGap.toFixed(3)} m)`,
    `walked ${a.travelled.toFixed(0)} m`,
    `simulated ${a.simulationS.toFixed(0)} s`,
    `took ${a.wallS.toFixed(1)} s, ${(a.simulationS / a.wallS).toFixed(1)} times real time`,
  ];
  return [cells.join(" | "), ...a.notReached.map((where) => `  not reached: ${where}`)].join("\n");
}

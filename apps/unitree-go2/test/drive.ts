import type { GlobalPlanner } from "../src/planning/global-planner.ts";
import type { NavigationResult } from "../src/planning/navigation.ts";
import type { Go2Simulator } from "../src/simulator/go2-simulator.ts";

/** Runs planner and simulator, 10 times a second of simulation time, until a goal ends. Throws after `limitS`. */
export function driveUntilDone(
  sim: Go2Simulator,
  planner: GlobalPlanner,
  { limitS = 120, onTick }: { limitS?: number; onTick?: (timeSeconds: number) => void } = {},
): NavigationResult {
  const end = sim.timeSeconds + limitS;
  while (sim.timeSeconds < end) {
    onTick?.(sim.timeSeconds);
    const { command, done } = planner.tick(sim.pose, sim.timeSeconds);
    sim.move(command.vx, command.vy, command.vyaw);
    sim.step(0.1);
    const result = done[0];
    if (result !== undefined) return result;
  }
  throw new Error(`no result after ${limitS} s: ${planner.state.detail}`);
}

import { ColumnMap } from "../src/mapping/column-map.ts";
import { type Costmap, costmapOf, occupancyGrid } from "../src/mapping/costmap.ts";
import type { PlanarPose } from "../src/planar-pose.ts";
import { GlobalPlanner } from "../src/planning/global-planner.ts";
import type { GoalOptions, NavigationGoal, NavigationResult } from "../src/planning/navigation.ts";
import { cloudFromSensor, Lidar } from "../src/sensors/lidar.ts";
import { LIDAR_MOUNT, mountedAt } from "../src/sensors/sensor-pose.ts";
import { Go2Simulator } from "../src/simulator/go2-simulator.ts";
import { loadWorld } from "../src/world/load-world.ts";
import type { World } from "../src/world/world.ts";

/** Everything below the modules, joined: simulator, lidar, map, costmap, planner, and back to the simulator. */
export class ClosedLoop {
  readonly sim: Go2Simulator;
  readonly map = new ColumnMap();
  readonly planner = new GlobalPlanner();
  costmap: Costmap | undefined;
  readonly #lidar: Lidar;
  #ticks = 0;

  constructor(world: World | string, seed: number, start?: PlanarPose) {
    const loaded = typeof world === "string" ? loadWorld(world) : world;
    this.sim = new Go2Simulator({ world: loaded, start });
    this.#lidar = new Lidar(loaded, { seed });
  }

  /** Runs until the goal ends: lidar and control at 10 Hz, map at 2.5 Hz. Throws after `limitS` of simulation time. */
  goTo(
    goal: NavigationGoal,
    { limitS = 300, onTick, ...options }: GoalOptions & { limitS?: number; onTick?: () => void } = {},
  ): NavigationResult {
    this.planner.setGoal(goal, options);
    for (const end = this.sim.timeSeconds + limitS; this.sim.timeSeconds < end; ) {
      onTick?.();
      const result = this.tick();
      if (result !== undefined) return result;
    }
    throw new Error(`no result after ${limitS} s: ${this.planner.state.detail}`);
  }

  /** A tenth of a second. */
  tick(): NavigationResult | undefined {
    const { sim } = this;
    const lidarPose = mountedAt(sim.pose, sim.baseHeight, LIDAR_MOUNT);
    this.map.integrate(cloudFromSensor(this.#lidar.scan(lidarPose), lidarPose), lidarPose);
    if (this.#ticks++ % 4 === 0) {
      this.costmap = costmapOf(this.map);
      this.planner.setCostmap(occupancyGrid(this.costmap, sim.timeSeconds, "odom"));
    }
    const { command, done } = this.planner.tick(sim.pose, sim.timeSeconds);
    sim.move(command.vx, command.vy, command.vyaw);
    sim.step(0.1);
    return done[0];
  }
}

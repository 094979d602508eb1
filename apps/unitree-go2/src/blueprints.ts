import { Agent } from "@dimos/agent";
import { autoconnect } from "@dimos/core";
import { McpServer } from "@dimos/mcp";
import { Go2Connection } from "./modules/go2-connection.ts";
import { MovementManager } from "./modules/movement-manager.ts";
import { NavigationSkills } from "./modules/navigation-skills.ts";
import { Patrolling } from "./modules/patrolling.ts";
import { ReplanningAStarPlanner } from "./modules/replanning-a-star-planner.ts";
import { UnitreeSkills } from "./modules/unitree-skills.ts";
import { VoxelGridMapper } from "./modules/voxel-grid-mapper.ts";
import { WavefrontFrontierExplorer } from "./modules/wavefront-frontier-explorer.ts";

/** The robot with its sensors, and who may drive it. */
export const unitreeGo2Basic = autoconnect(Go2Connection.blueprint(), MovementManager.blueprint()).remappings([
  [Go2Connection, "trueOdom", "groundTruth"],
]);

/** What drives, on top of its connection, a robot that takes `cmdVel` and reports `odom`, `lidar` and `tf`: a Go2 or another. */
export const unitreeGo2Skills = autoconnect(
  MovementManager.blueprint(),
  VoxelGridMapper.blueprint(),
  ReplanningAStarPlanner.blueprint(),
  UnitreeSkills.blueprint(),
  NavigationSkills.blueprint(),
);

/**
 * A Go2 that agents can drive: it maps what its lidar sees, plans on that, and has skills, as tools of MCP as well. Its
 * own agent is an offline command parser until it is given a model.
 */
export const unitreeGo2Agentic = autoconnect(
  unitreeGo2Basic,
  unitreeGo2Skills,
  WavefrontFrontierExplorer.blueprint(),
  Patrolling.blueprint(),
  McpServer.blueprint(),
  Agent.blueprint(),
);

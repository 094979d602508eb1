import type { Agent } from "@dimos/agent";
import type { McpServer } from "@dimos/mcp";
import type { Go2Connection } from "./modules/go2-connection.ts";
import type { MovementManager } from "./modules/movement-manager.ts";
import type { NavigationSkills } from "./modules/navigation-skills.ts";
import type { Patrolling } from "./modules/patrolling.ts";
import type { ReplanningAStarPlanner } from "./modules/replanning-a-star-planner.ts";
import type { UnitreeSkills } from "./modules/unitree-skills.ts";
import type { VoxelGridMapper } from "./modules/voxel-grid-mapper.ts";
import type { WavefrontFrontierExplorer } from "./modules/wavefront-frontier-explorer.ts";

// `import "@dimos/unitree-go2"` in a program types `app.ReplanningAStarPlanner` and `app.skills.relativeMove`.
declare module "@dimos/core" {
  interface ModuleTypes {
    readonly Agent: Agent;
    readonly Go2Connection: Go2Connection;
    readonly McpServer: McpServer;
    readonly MovementManager: MovementManager;
    readonly NavigationSkills: NavigationSkills;
    readonly Patrolling: Patrolling;
    readonly ReplanningAStarPlanner: ReplanningAStarPlanner;
    readonly UnitreeSkills: UnitreeSkills;
    readonly VoxelGridMapper: VoxelGridMapper;
    readonly WavefrontFrontierExplorer: WavefrontFrontierExplorer;
  }
}

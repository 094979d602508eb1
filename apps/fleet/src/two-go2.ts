import { autoconnect, type Blueprint } from "@dimos/core";
import { McpServer } from "@dimos/mcp";
import {
  Go2Connection,
  Patrolling,
  ReplanningAStarPlanner,
  startsApart,
  unitreeGo2Skills,
  WavefrontFrontierExplorer,
} from "@dimos/unitree-go2";
import { FleetMapper } from "./fleet-mapper.ts";
import { RightOfWay } from "./right-of-way.ts";

/** What the robots say to all: where they are. Everything else stays in the namespace of each. */
const SHARED = ["tf", "robotBodies", "fleetPoses"];

/** One Go2 of a fleet. Its connection is told where it starts; its planner drives where the right of way lets it. */
function robot(namespace: string, start: { startX: number; startY: number; startYawDegrees: number }): Blueprint {
  return autoconnect(
    Go2Connection.blueprint({ ...start, cameraHz: 0 }),
    unitreeGo2Skills,
    WavefrontFrontierExplorer.blueprint(),
    Patrolling.blueprint(),
    RightOfWay.blueprint(),
  )
    .remappings([
      [Go2Connection, "trueOdom", "groundTruth"],
      [ReplanningAStarPlanner, "navCmdVel", "plannedCmdVel"],
    ])
    .namespace(namespace, { expose: SHARED });
}

/** Two Go2 at the two ends of one office, the map that both make, and the skills of both as tools of one MCP server. */
export const twoGo2 = autoconnect(
  robot("robot0", { startX: 2, startY: 5.2, startYawDegrees: 0 }),
  robot("robot1", { startX: 14, startY: 5.2, startYawDegrees: 180 }),
  FleetMapper.blueprint({ robots: ["robot0", "robot1"] }),
  McpServer.blueprint(),
)
  .remappings([
    [FleetMapper, "firstLidar", "robot0/lidar"],
    [FleetMapper, "secondLidar", "robot1/lidar"],
  ])
  .requirements(startsApart);

import type { Go2Connection, NavigationSkills, ReplanningAStarPlanner, UnitreeSkills } from "@dimos/unitree-go2";
import type { FleetMapper } from "./fleet-mapper.ts";
import type { RightOfWay } from "./right-of-way.ts";

// `app.getModule("robot0/UnitreeSkills")` is typed by name, as that of a module without a namespace is.
declare module "@dimos/core" {
  interface ModuleTypes {
    readonly FleetMapper: FleetMapper;
    readonly "robot0/Go2Connection": Go2Connection;
    readonly "robot0/NavigationSkills": NavigationSkills;
    readonly "robot0/ReplanningAStarPlanner": ReplanningAStarPlanner;
    readonly "robot0/RightOfWay": RightOfWay;
    readonly "robot0/UnitreeSkills": UnitreeSkills;
    readonly "robot1/Go2Connection": Go2Connection;
    readonly "robot1/NavigationSkills": NavigationSkills;
    readonly "robot1/ReplanningAStarPlanner": ReplanningAStarPlanner;
    readonly "robot1/RightOfWay": RightOfWay;
    readonly "robot1/UnitreeSkills": UnitreeSkills;
  }
}

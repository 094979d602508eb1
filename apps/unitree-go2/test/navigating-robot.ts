import { autoconnect } from "@dimos/core";
import {
  Go2Connection,
  MovementManager,
  NavigationSkills,
  ReplanningAStarPlanner,
  UnitreeSkills,
  VoxelGridMapper,
} from "../src/index.ts";

/** A robot that maps, plans and moves, without its camera. */
export const navigatingRobot = autoconnect(
  Go2Connection.blueprint({ cameraHz: 0 }),
  MovementManager.blueprint(),
  VoxelGridMapper.blueprint(),
  ReplanningAStarPlanner.blueprint(),
  UnitreeSkills.blueprint(),
  NavigationSkills.blueprint(),
);

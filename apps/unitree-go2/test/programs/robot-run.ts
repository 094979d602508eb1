import { autoconnect } from "@dimos/core";
import { Dimos } from "@dimos/porcelain";
import {
  Go2Connection,
  MovementManager,
  NavigationSkills,
  ReplanningAStarPlanner,
  UnitreeSkills,
  VoxelGridMapper,
} from "../../src/index.ts";

// A robot in a run of its own, one module a worker, until standard input ends. Says the run's id when it is up.
const app = new Dimos({ consoleLevel: "silent", nWorkers: 6 });
await app.run(
  autoconnect(
    Go2Connection.blueprint({ cameraHz: 0 }),
    MovementManager.blueprint(),
    VoxelGridMapper.blueprint(),
    ReplanningAStarPlanner.blueprint(),
    UnitreeSkills.blueprint(),
    NavigationSkills.blueprint(),
  ),
);
console.log(app.runId);
for await (const _ of process.stdin);
await app.stop();

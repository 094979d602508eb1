import { autoconnect } from "@dimos/core";
import { Dimos } from "@dimos/porcelain";
import {
  Go2Connection,
  MovementManager,
  ReplanningAStarPlanner,
  UnitreeSkills,
  VoxelGridMapper,
} from "../../src/index.ts";

// A robot whose coordinator is this program, which a test may stop. Any message ends it.
const app = new Dimos({ consoleLevel: "silent", nWorkers: 2 });
await app.run(
  autoconnect(
    Go2Connection.blueprint(),
    MovementManager.blueprint(),
    VoxelGridMapper.blueprint(),
    ReplanningAStarPlanner.blueprint(),
    UnitreeSkills.blueprint(),
  ),
  { config: { Go2Connection: { cameraHz: 0 } } },
);
process.once("message", () => void app.stop().then(() => process.disconnect()));
process.send?.(app.runId);

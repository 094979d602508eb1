import { autoconnect } from "@dimos/core";
import { Dimos } from "@dimos/porcelain";
import { type Go2Connection, type NavigationSkills, unitreeGo2Agentic } from "../src/index.ts";
import { RunRecorder } from "./run-recorder.ts";

type ConnectionConfig = NonNullable<Parameters<typeof Go2Connection.blueprint>[0]>;
type NavigationConfig = NonNullable<Parameters<typeof NavigationSkills.blueprint>[0]>;

/** The whole stack in this process, in simulation time: as fast as the work allows. */
export async function runSimulated(connection: ConnectionConfig, navigation: NavigationConfig = {}): Promise<Dimos> {
  const app = new Dimos({ nWorkers: 0, clock: "simulation", consoleLevel: "silent", mcpPort: 0 });
  await app.run(autoconnect(unitreeGo2Agentic, RunRecorder.blueprint()), {
    config: { Go2Connection: { cameraHz: 0, ...connection }, NavigationSkills: navigation },
  });
  return app;
}

import type { FencePatrol } from "./fence-patrol.ts";
import type { RoverConnection } from "./rover-connection.ts";

export { patrol } from "./blueprints.ts";
export { FencePatrol } from "./fence-patrol.ts";
export { RoverConnection } from "./rover-connection.ts";

// `import "@acme/rover"` in a program types `app.RoverConnection` and `app.skills.patrol`.
declare module "@dimos/core" {
  interface ModuleTypes {
    readonly RoverConnection: RoverConnection;
    readonly FencePatrol: FencePatrol;
  }
}

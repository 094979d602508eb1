import { ConnectionLostError } from "@dimos/rpc";
import { stateDirectory } from "../directories.ts";
import { RunRegistry } from "../runs/run-registry.ts";

/** For every question to a run once the connection to it is lost. */
export function lostRun(runId: string, reason: Error | undefined): ConnectionLostError {
  return new ConnectionLostError(
    `${reason?.message ?? "The connection was lost"}. Whether run ${runId} goes on is unknown here. Connect again; "dimos estop" on its host stops the robot without a connection`,
    { cause: reason },
  );
}

/** Where a run is that a client has reached over TCP, when that run is on this host and belongs to this user. */
export function localEndpointOf(runId: string): string | undefined {
  return new RunRegistry(stateDirectory(process.env)).alive().find((run) => run.runId === runId)?.endpoint;
}

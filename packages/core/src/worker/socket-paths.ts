import { join } from "node:path";

/** Ending of the names of emergency sockets. */
export const ESTOP_SOCKET = "estop";

/** Where a run's coordinator answers clients. */
export function controlEndpoint(socketDirectory: string): string {
  return `unix:${join(socketDirectory, "control")}`;
}

/** The sockets of a worker, in the directory of its run. Its coordinator knows them without asking. */
export function socketPaths(socketDirectory: string, worker: string): SocketPaths {
  const path = (kind: string) => join(socketDirectory, `${worker}.${kind}`);
  return { rpc: path("rpc"), data: path("data"), estop: path(ESTOP_SOCKET) };
}

export interface SocketPaths {
  readonly rpc: string;
  readonly data: string;
  /** Takes an emergency stop without the coordinator; only where an actuator is. */
  readonly estop: string;
}

import { join } from "node:path";

/** Where a run's coordinator answers clients. */
export function controlEndpoint(socketDirectory: string): string {
  return `unix:${join(socketDirectory, "control")}`;
}

/** The sockets of a worker, in the directory of its run. Its coordinator knows them without asking. */
export function socketPaths(socketDirectory: string, worker: string): { readonly rpc: string; readonly data: string } {
  return { rpc: join(socketDirectory, `${worker}.rpc`), data: join(socketDirectory, `${worker}.data`) };
}

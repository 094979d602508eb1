import type { RpcServer } from "@dimos/rpc";
import type { GlobalConfig } from "../config/global-config.ts";
import { type ControlledRun, type ServeControlOptions, serveControl } from "./control-server.ts";

/**
 * Serves a run to this user's programs on this host, and over TCP when its settings ask for that. The first server is
 * the one on the host.
 */
export async function serveRun(
  run: ControlledRun,
  options: Pick<ServeControlOptions, "endpoint" | "streams" | "resolveNames" | "log">,
  { listen, token, callToken }: GlobalConfig,
): Promise<readonly [RpcServer, ...RpcServer[]]> {
  const local = await serveControl(run, options);
  if (listen === undefined || token === undefined) return [local];
  try {
    return [local, await serveControl(run, { ...options, endpoint: listen, token, callToken })];
  } catch (error) {
    await local.close();
    throw error;
  }
}

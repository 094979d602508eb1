import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../src/index.ts";

/** A fresh Unix socket in a directory of its own, which the shared set-up of the tests removes. */
export function unixEndpoint(): Endpoint {
  return `unix:${join(mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "rpc-")), "s")}`;
}

/** Removes what a killed server left behind; a server that closes does it itself. */
export function removeSocket(endpoint: Endpoint): void {
  rmSync(endpoint.slice("unix:".length), { force: true });
}

import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

/** A directory for sockets that is gone after the test. */
export async function socketDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "s-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

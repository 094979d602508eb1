import { once } from "node:events";
import { createServer } from "node:net";
import { PortInUseError } from "../errors.ts";
import type { RunSettings } from "../module/module-run.ts";
import type { ModuleSpec, PortClaim, PortSettings } from "../module/spec.ts";

/** Fails when another program listens where this module is going to: before anything of the load is started. */
export async function checkClaimedPorts(
  instance: string,
  spec: ModuleSpec,
  config: Readonly<Record<string, unknown>>,
  settings: RunSettings,
): Promise<void> {
  for (const claim of claimsOf(spec, { config, settings })) await check(instance, claim);
}

/** The ports that a module with these settings will bind. */
export function claimsOf({ ports = [] }: ModuleSpec, known: PortSettings): PortClaim[] {
  const claims = typeof ports === "function" ? ports(known) : ports;
  return claims.map((claim) => (typeof claim === "number" ? { port: claim } : claim));
}

async function check(instance: string, claim: PortClaim): Promise<void> {
  const { port, host } = claim;
  if (port === 0) return;
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new PortInUseError(instance, claim, error);
  }
  server.close();
  await once(server, "close");
}

import { readFileSync } from "node:fs";
import type { Address } from "../endpoint.ts";
import type { HandshakeLimits } from "./handshakes.ts";

const MAX_CLIENTS = 1024;
const MAX_HANDSHAKES = 32;
const TCP_HANDSHAKE_MS = 2_000;
const UNIX_HANDSHAKE_MS = 10_000;

export interface Bounds {
  readonly maxClients: number;
  readonly handshakes: HandshakeLimits;
}

/**
 * How many connections a server takes. Those over TCP leave half of this process's descriptors to everything else, so
 * that its Unix socket answers, files open and processes start whatever reaches the port.
 */
export function boundsOf(address: Address, maxClients = MAX_CLIENTS): Bounds {
  // Every client of a Unix socket is this user, who may do more than open connections.
  if (address.kind === "unix") return { maxClients, handshakes: { max: Infinity, timeoutMs: UNIX_HANDSHAKE_MS } };
  const descriptors = openFileLimit();
  const most = (wanted: number, part: number) => Math.max(1, Math.min(wanted, Math.floor(descriptors * part)));
  return {
    maxClients: most(maxClients, 3 / 8),
    handshakes: { max: most(MAX_HANDSHAKES, 1 / 8), timeoutMs: TCP_HANDSHAKE_MS },
  };
}

/** `ulimit -n`. Infinite where the system does not tell: there is no `/proc` on macOS. */
function openFileLimit(): number {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1")) ?? [];
    return limit === undefined ? Infinity : Number(limit);
  } catch {
    return Infinity;
  }
}

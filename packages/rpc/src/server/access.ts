import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/** The one path that is served; the library behind would make a namespace of any other. */
const RPC_PATH = "/rpc";

export interface AccessPolicy {
  /** One of them has to be shown; none is needed when there are none. */
  readonly tokens: readonly string[];
  /** Pages that may connect, as in `https://example.org`. Programs send no Origin. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** Host names, without port, that this server answers to. Undefined on a Unix socket, where no page can reach it. */
  readonly allowedHosts?: ReadonlySet<string> | undefined;
}

export interface Refused {
  readonly status: 401 | 403 | 404 | 503;
  readonly reason: string;
}

export interface Admitted {
  /** Which of the tokens was shown; -1 when none is needed. */
  readonly token: number;
}

/** Decides about a connection before the library behind, or any method, has seen it. */
export function admit(request: IncomingMessage, policy: AccessPolicy): Refused | Admitted {
  if (request.url !== RPC_PATH) return { status: 404, reason: `connect to ${RPC_PATH}` };
  const { origin, host, authorization } = request.headers;
  if (origin !== undefined && !policy.allowedOrigins.has(origin)) {
    return { status: 403, reason: "pages of this origin may not connect" };
  }
  if (policy.allowedHosts !== undefined && !isOwnHost(host, policy.allowedHosts)) {
    return { status: 403, reason: "this server does not answer to that host name" };
  }
  if (policy.tokens.length === 0) return { token: -1 };
  if (authorization === undefined) return { status: 401, reason: "a token is needed" };
  // Each is compared, whichever it is.
  const token = policy.tokens.map((expected) => isEqual(authorization, `Bearer ${expected}`)).indexOf(true);
  return token === -1 ? { status: 401, reason: "the token is wrong" } : { token };
}

/** A page that rebinds its own name to this address sends that name; an address or localhost cannot be rebound. */
function isOwnHost(host: string | undefined, allowed: ReadonlySet<string>): boolean {
  if (host === undefined) return false;
  const name = host
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
  return name === "localhost" || isIP(name) !== 0 || allowed.has(name);
}

/** In constant time: digests are of one length, whatever was sent. */
function isEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { hostname, networkInterfaces } from "node:os";
import { localhostAllowedHostnames, validateHostHeader, validateOriginHeader } from "@modelcontextprotocol/server";

export interface AccessRules {
  /** Address that is listened on. */
  readonly host: string;
  /** More names that this server may be reached by. */
  readonly allowedHosts: readonly string[];
  readonly accessToken: string | undefined;
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/** Why a request is refused; undefined for one that may be read on. Nothing of its body has been looked at. */
export function refusalOf({ headers }: IncomingMessage, rules: AccessRules): Refusal | undefined {
  const host = validateHostHeader(headers.host, [...localhostAllowedHostnames(), ...ownNames(rules)]);
  if (!host.ok) return { status: 403, message: host.message };
  // A page of another site must not drive the robot through the browser of somebody who may.
  const origin = validateOriginHeader(headers.origin, [...localhostAllowedHostnames(), ...rules.allowedHosts]);
  if (!origin.ok) return { status: 403, message: origin.message };
  if (rules.accessToken === undefined || isToken(headers.authorization, rules.accessToken)) return undefined;
  return { status: 401, message: "This server needs a token: send the header Authorization: Bearer <token>" };
}

/** Whether only this host's own programs can reach an address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** As it stands in an address: `[::1]`. */
export function inBrackets(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Off loopback, addresses and name of this host; a name that somebody else points here is none of them. */
function ownNames({ host, allowedHosts }: AccessRules): string[] {
  const addresses = isLoopback(host)
    ? []
    : [
        hostname(),
        ...Object.values(networkInterfaces()).flatMap(
          (known) => known?.map(({ address }) => inBrackets(address)) ?? [],
        ),
      ];
  return [inBrackets(host), ...addresses, ...allowedHosts];
}

/** Takes as long for a wrong token as for the right one. */
function isToken(authorization: string | undefined, token: string): boolean {
  const [, given = ""] = /^Bearer +(.+)$/i.exec(authorization ?? "") ?? [];
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { hostname, networkInterfaces } from "node:os";
import { localhostAllowedHostnames, validateHostHeader } from "@modelcontextprotocol/server";

/** A header of a stranger is quoted this far. */
const QUOTED_CHARACTERS = 100;

export interface AccessRules {
  /** Address that is listened on. */
  readonly host: string;
  /** More names that this server may be reached by. */
  readonly allowedHosts: readonly string[];
  /** Origins of pages that may use this server, besides its own. */
  readonly origins: readonly string[];
  readonly accessToken: string | undefined;
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/** Why a request is refused before its token is looked at: the name it came by, or the page that makes it. */
export function refusalOfSource({ headers, socket }: IncomingMessage, rules: AccessRules): Refusal | undefined {
  const names = ownNames(rules);
  // A page that points its own name at this address sends that name.
  const host = validateHostHeader(headers.host, [...localhostAllowedHostnames(), ...names]);
  if (!host.ok) return { status: 403, message: foreignHost(headers.host ?? "") };
  // A page must not drive the robot through the browser of a person who may.
  const { origin } = headers;
  if (origin === undefined || rules.origins.includes(origin) || isOwnOrigin(origin, names, socket.localPort))
    return undefined;
  return { status: 403, message: foreignOrigin(origin) };
}

/** Whether a request shows the token, where one is needed. */
export function refusalOfToken({ headers }: IncomingMessage, { accessToken }: AccessRules): Refusal | undefined {
  if (accessToken === undefined || isToken(headers.authorization, accessToken)) return undefined;
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

/** The names and addresses at which this very server is reached; a name that a stranger points here is not among them. */
function ownNames({ host, allowedHosts }: AccessRules): string[] {
  const names = isLoopback(host)
    ? ["localhost"]
    : [
        hostname(),
        ...Object.values(networkInterfaces()).flatMap(
          (known) => known?.map(({ address }) => inBrackets(address)) ?? [],
        ),
      ];
  return [inBrackets(host), ...names, ...allowedHosts].map((name) => name.toLowerCase());
}

/** Scheme, name and port have to be this server's own: a page on another port of this host is another program's. */
function isOwnOrigin(origin: string, names: readonly string[], port: number | undefined): boolean {
  return names.some((name) => origin === (port === 80 ? `http://${name}` : `http://${name}:${port}`));
}

function foreignHost(host: string): string {
  const name = host.replace(/:\d*$/, "").slice(0, QUOTED_CHARACTERS);
  return `This server does not answer to the name "${name}" (header Host). If it is a name of this host, list it in allowedHosts of McpServer`;
}

function foreignOrigin(origin: string): string {
  const named = origin.slice(0, QUOTED_CHARACTERS);
  if (!/^[a-z][a-z0-9+.-]*:\/\/./.test(origin))
    return `A page whose address the browser keeps to itself (Origin: ${named}) may not use this server: a file, or a frame in a sandbox. Serve it from an address of its own, and list that in mcpOrigins`;
  return `Pages of ${named} may not use this server. To let them in, start the run with --mcp-origins '${JSON.stringify([named])}'. Programs are not concerned: they send no Origin`;
}

/** Takes as long for a wrong token as for the right one. */
function isToken(authorization: string | undefined, token: string): boolean {
  const [, given = ""] = /^Bearer +(.+)$/i.exec(authorization ?? "") ?? [];
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

import type { IncomingMessage, ServerResponse } from "node:http";

const METHODS = "GET, POST, DELETE";
const REQUEST_HEADERS =
  "accept, authorization, content-type, last-event-id, mcp-method, mcp-name, mcp-protocol-version, mcp-session-id";
const RESPONSE_HEADERS = "mcp-session-id, www-authenticate";
/** How long a browser may remember the answer to a preflight, seconds. */
const PREFLIGHT_MAX_AGE_S = 600;

/** Lets a page whose origin has been admitted read the answer, a refusal for another reason included. */
export function allowReading({ headers: { origin } }: IncomingMessage, response: ServerResponse): void {
  response.setHeader("vary", "origin");
  if (origin === undefined) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", RESPONSE_HEADERS);
}

/** A browser asks before a page's request whether it may send it. It shows no token: that comes with the request. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined;
}

export function answerPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader("access-control-allow-methods", METHODS);
  response.setHeader("access-control-allow-headers", REQUEST_HEADERS);
  response.setHeader("access-control-max-age", PREFLIGHT_MAX_AGE_S);
  // A page of a public address asks for this as well, before it may reach a private one.
  if (headers["access-control-request-private-network"] === "true")
    response.setHeader("access-control-allow-private-network", "true");
  response.writeHead(204).end();
}

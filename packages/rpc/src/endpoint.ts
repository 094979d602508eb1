import { EndpointError } from "./errors.ts";

/** `unix:/path/to/socket` or `ws://host:port`. */
export type Endpoint = string;

export type Address =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** Node cuts longer paths and reports success. */
const MAX_SOCKET_PATH_BYTES = 107;

/** @throws EndpointError with the reason, and the two forms that are understood. */
export function parseEndpoint(endpoint: Endpoint): Address {
  if (typeof endpoint !== "string") throw bad(String(endpoint), "is not a string");
  if (endpoint.startsWith("unix:")) {
    const path = endpoint.slice("unix:".length);
    if (!path.startsWith("/")) throw bad(endpoint, "needs an absolute path");
    if (path.includes("\0")) throw bad(endpoint, "has a null byte in its path");
    const bytes = Buffer.byteLength(path);
    if (bytes > MAX_SOCKET_PATH_BYTES) {
      throw bad(endpoint, `has a path of ${bytes} bytes; the system takes ${MAX_SOCKET_PATH_BYTES}`);
    }
    return { kind: "unix", path };
  }
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== "ws:" || url.hostname === "") throw bad(endpoint, "is neither unix:/path nor ws://host:port");
  if (url.username !== "" || url.password !== "") throw bad(endpoint, "must not carry a login; use the token option");
  if (!["", "/"].includes(url.pathname) || url.search !== "" || url.hash !== "") {
    throw bad(endpoint, "must not carry a path; use ws://host:port");
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return { kind: "tcp", host, port: url.port === "" ? 80 : Number(url.port) };
}

export function tcpEndpoint(host: string, port: number): Endpoint {
  return `ws://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function bad(endpoint: string, why: string): EndpointError {
  return new EndpointError("BAD_ENDPOINT", `The endpoint "${endpoint}" ${why}`);
}

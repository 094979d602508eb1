import { chmod, mkdir, stat, unlink } from "node:fs/promises";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { dirname } from "node:path";
import { type Address, type Endpoint, tcpEndpoint } from "../endpoint.ts";
import { EndpointError } from "../errors.ts";

/** Listens, and resolves to the endpoint clients connect to. A socket that a dead process left behind is replaced. */
export async function listen(server: Server, address: Address): Promise<Endpoint> {
  if (address.kind === "tcp") {
    await bind(server, { host: address.host, port: address.port }, tcpEndpoint(address.host, address.port));
    return tcpEndpoint(address.host, (server.address() as AddressInfo).port);
  }
  const endpoint = `unix:${address.path}`;
  await requirePrivateDirectory(dirname(address.path), endpoint);
  if (await isLeftBehind(address.path)) await unlink(address.path);
  await bind(server, { path: address.path }, endpoint);
  await chmod(address.path, 0o600);
  return endpoint;
}

function bind(
  server: Server,
  where: { host: string; port: number } | { path: string },
  endpoint: Endpoint,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") {
        reject(new EndpointError("BAD_ENDPOINT", `Cannot listen on ${endpoint}: ${error.message}`, { cause: error }));
        return;
      }
      reject(new EndpointError("ENDPOINT_IN_USE", `Another server listens on ${endpoint} already`, { cause: error }));
    };
    server.once("error", onError);
    server.listen(where, () => {
      server.off("error", onError);
      resolve();
    });
  });
}

/** The directory is the login of a Unix socket: made if need be, refused when others can enter it. */
async function requirePrivateDirectory(directory: string, endpoint: Endpoint): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const mode = (await stat(directory)).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  const why = `its directory is open to other users (mode ${mode.toString(8)}). Use a directory with mode 700`;
  throw new EndpointError("BAD_ENDPOINT", `Cannot listen on ${endpoint}: ${why}`);
}

async function isLeftBehind(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isSocket() !== true) return false;
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(false);
    });
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
}

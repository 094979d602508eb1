import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { EmergencyAnswer } from "../safety/emergency-protocol.ts";
import { MAX_LINE_BYTES, readLine } from "../safety/emergency-protocol.ts";

/** A client says what it wants within this time. */
const PATIENCE_MS = 1_000;
const MAX_CLIENTS = 32;

/**
 * The emergency socket of an actuator's worker: stops it without the coordinator, which may be blocked or stopped. One
 * line each way, JSON. The 0700 directory is the login, and there is nothing to do here but to stop.
 */
export class EmergencySocket implements AsyncDisposable {
  readonly #path: string;
  readonly #stop: (reason: string) => Promise<EmergencyAnswer>;
  readonly #clients = new Set<Socket>();
  #server: Server | undefined;

  constructor(path: string, stop: (reason: string) => Promise<EmergencyAnswer>) {
    this.#path = path;
    this.#stop = stop;
  }

  async listen(): Promise<void> {
    const server = createServer((client) => this.#take(client));
    server.maxConnections = MAX_CLIENTS;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject);
    server.listen(this.#path, resolve);
    await promise;
    server.off("error", reject);
    // A client that cannot be accepted hears it; the others go on.
    server.on("error", () => {});
    server.unref();
    this.#server = server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const client of this.#clients) client.destroy();
    if (server === undefined) return;
    await new Promise((resolve) => server.close(resolve));
    rmSync(this.#path, { force: true });
  }

  #take(client: Socket): void {
    this.#clients.add(client);
    const tooLate = setTimeout(() => client.destroy(), PATIENCE_MS);
    client.on("close", () => {
      clearTimeout(tooLate);
      this.#clients.delete(client);
    });
    // A client that has gone has said what it had to say.
    client.on("error", () => {});
    void this.#answer(client);
  }

  async #answer(client: Socket): Promise<void> {
    const line = await readLine(client, MAX_LINE_BYTES).catch(() => undefined);
    const reason = line === undefined ? undefined : reasonOf(line);
    if (reason === undefined) client.destroy();
    else client.end(`${JSON.stringify(await this.#stop(reason))}\n`);
  }
}

/** Undefined when the line is not a request. */
function reasonOf(line: string): string | undefined {
  try {
    const { reason } = JSON.parse(line) as { readonly reason?: unknown };
    return typeof reason === "string" ? reason : undefined;
  } catch {
    return undefined;
  }
}

import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { findProgram } from "../installed.ts";
import { startOwnedProgram } from "../owned-program.ts";
import { freePort } from "./free-port.ts";

const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024;

export interface NatsServer extends AsyncDisposable {
  readonly address: string;
}

/** On a free port of this host; or the reason why there is none. */
export async function startNatsServer(directory: string): Promise<NatsServer | string> {
  const program = findProgram("nats-server");
  if (program === undefined) return "nats-server is not installed";
  const config = join(directory, "nats.conf");
  const address = `127.0.0.1:${await freePort()}`;
  writeFileSync(
    config,
    `listen: "${address}"\nmax_payload: ${MAX_PAYLOAD_BYTES}\nmax_pending: ${8 * MAX_PAYLOAD_BYTES}\n`,
  );
  const server = startOwnedProgram(program, ["-c", config]);
  const problem = await Promise.race([
    isReady(server.stderr),
    once(server.process, "exit").then(() => "it did not start"),
  ]);
  if (problem !== undefined) return problem;
  server.stderr.resume();
  return { address, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function isReady(stderr: Readable): Promise<string | undefined> {
  for await (const line of createInterface({ input: stderr })) if (line.includes("Server is ready")) return undefined;
  return "it did not start";
}

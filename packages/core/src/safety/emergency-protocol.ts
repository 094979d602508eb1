import type { Socket } from "node:net";
import type { EstopState } from "./estop-state.ts";

/** A request and its answer are one line of JSON each. */
export const MAX_LINE_BYTES = 16 * 1024;

/** What an emergency socket answers to `{"reason":"..."}`. */
export interface EmergencyAnswer {
  readonly worker: string;
  /** Latched from now on, in this worker. */
  readonly estop: EstopState;
  /** Actuator modules that have halted. */
  readonly halted: readonly string[];
  /** Modules that failed when they were told. */
  readonly failed: readonly string[];
}

/** Rejects when the socket ends before the line does, or the line is too long. */
export async function readLine(socket: Socket, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  socket.on("data", (chunk) => {
    const end = chunk.indexOf(0x0a);
    const part = end === -1 ? chunk : chunk.subarray(0, end);
    size += part.length;
    if (size > maxBytes) reject(new Error(`it said more than ${maxBytes} bytes`));
    chunks.push(part);
    if (end !== -1) resolve(Buffer.concat(chunks).toString("utf8"));
  });
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("it closed the connection without an answer")));
  return promise;
}

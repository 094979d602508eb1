import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { FileError } from "./errors.ts";
import { fileFault } from "./file-fault.ts";
import { readTextFile } from "./read-text-file.ts";

const POLL_MS = 20;
const CHUNK_BYTES = 64 * 1024;
/** How much a FIFO or a device has to say is not known before its end. */
const MAX_BYTES = 16 * 2 ** 20;

export interface ReadPipedOptions {
  /** Begins the sentence of the error: `Config file`. */
  readonly what: string;
  /** How long its writers have, all in all. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The text of a file, or of what is written to a FIFO or comes from a device. It never blocks the process: a read of
 * Node's own would hold a thread that no signal ends.
 *
 * @throws FileError naming the path, the reason and what to do; the signal's reason when that is aborted
 */
export async function readPipedText(path: string, { what, timeoutMs, signal }: ReadPipedOptions): Promise<string> {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
    const found = fstatSync(descriptor);
    if (found.isFile() || found.isDirectory()) return readTextFile(path, { what });
    return await readToEnd(descriptor, found.isFIFO(), performance.now() + timeoutMs, signal);
  } catch (error) {
    if (signal?.aborted === true || error instanceof FileError) throw error;
    throw new FileError(`${what} ${path} cannot be read: ${fileFault(error)}`, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

async function readToEnd(
  descriptor: number,
  isFifo: boolean,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const chunks: Buffer[] = [];
  for (let length = 0; ; ) {
    const chunk = readSome(descriptor);
    // A FIFO that nobody has opened for writing yet is at its end as well.
    if (chunk?.length === 0 && (length > 0 || !isFifo)) return Buffer.concat(chunks).toString();
    if (chunk !== undefined) chunks.push(chunk);
    length += chunk?.length ?? 0;
    if (length > MAX_BYTES) throw new Error("more than 16 MiB came from it. Use a smaller file");
    if (performance.now() > deadlineMs) {
      const state = length === 0 ? "nothing was written to it" : "its writer has not closed it";
      throw new Error(`${state} in time. Write the settings to it at once, or use a file`);
    }
    if (chunk === undefined || chunk.length === 0) await sleep(POLL_MS, undefined, { signal });
  }
}

/** Undefined while nothing is there. */
function readSome(descriptor: number): Buffer | undefined {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    return chunk.subarray(0, readSync(descriptor, chunk));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw error;
  }
}

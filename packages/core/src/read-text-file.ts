import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { FileError } from "./errors.ts";
import { fileFault } from "./file-fault.ts";

/** Nothing that people write is larger. */
const DEFAULT_MAX_BYTES = 16 * 2 ** 20;
/** Of what is larger than the system said, as files of /proc are. */
const CHUNK_BYTES = 64 * 1024;
/** Opening a FIFO that nobody writes to would block the process, past every signal. Windows has no such flag. */
const WITHOUT_BLOCKING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export interface ReadTextOptions {
  /** Begins the sentence of the error: `Config file`. Default: `The file`. */
  readonly what?: string;
  /** Larger files are refused. Default: 16 MiB. */
  readonly maxBytes?: number;
}

/**
 * The text of a regular file. Never blocks on what is none, such as a FIFO or a device.
 *
 * @throws FileError naming the path, the reason and what to do
 */
export function readTextFile(
  path: string,
  { what = "The file", maxBytes = DEFAULT_MAX_BYTES }: ReadTextOptions = {},
): string {
  try {
    const descriptor = openSync(path, WITHOUT_BLOCKING);
    try {
      return readRegular(descriptor, maxBytes);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new FileError(`${what} ${path} cannot be read: ${fileFault(error)}`, error);
  }
}

/** Like `readTextFile`, of what only this user can have put there: no link, and no file of somebody else. Undefined otherwise. */
export function readOwnFile(path: string, maxBytes: number): string | undefined {
  try {
    const descriptor = openSync(path, WITHOUT_BLOCKING | (constants.O_NOFOLLOW ?? 0));
    try {
      const uid = process.getuid?.();
      if (uid !== undefined && fstatSync(descriptor).uid !== uid) return undefined;
      return readRegular(descriptor, maxBytes);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

function readRegular(descriptor: number, maxBytes: number): string {
  const found = fstatSync(descriptor);
  if (!found.isFile()) throw new Error(`it is ${kindOf(found)}, not a file. Use a file`);
  const chunks: Buffer[] = [];
  let length = 0;
  for (let wanted = found.size + 1; ; wanted = CHUNK_BYTES) {
    const chunk = Buffer.allocUnsafe(Math.min(wanted, maxBytes + 1));
    const count = readSync(descriptor, chunk, 0, chunk.length, null);
    if (count === 0) return Buffer.concat(chunks).toString();
    chunks.push(chunk.subarray(0, count));
    length += count;
    if (length > maxBytes)
      throw new Error(`it is larger than ${Math.ceil(maxBytes / 2 ** 20)} MiB. Use a smaller file`);
  }
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return "a directory";
  if (found.isFIFO()) return "a FIFO";
  if (found.isSocket()) return "a socket";
  return "a device";
}

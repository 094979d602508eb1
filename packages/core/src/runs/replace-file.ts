import { closeSync, constants, fstatSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

const BLOCK_BYTES = 4096;
/** What an entry may grow by on a full disk: how the run has ended, and why. */
const ROOM_BYTES = 2048;

/**
 * Replaces a small file of this user alone, mode 0600: by a file beside it and a rename, so that no reader sees a part.
 * Where that fails, as on a full disk, it is overwritten in place, which takes no more of the disk than it has.
 */
export function replaceFile(path: string, text: string): void {
  const beside = `${path}.${process.pid}.tmp`;
  const bytes = Buffer.from(text);
  try {
    const blocks = Math.ceil((bytes.length + ROOM_BYTES) / BLOCK_BYTES);
    writeWhole(openSync(beside, "wx", 0o600), padded(bytes, blocks * BLOCK_BYTES));
    renameSync(beside, path);
  } catch (error) {
    removeFile(beside);
    if (!overwrite(path, bytes)) throw error;
  }
}

/** False where there is no such file, not the room in it, or it cannot be written either. */
function overwrite(path: string, bytes: Buffer): boolean {
  try {
    const descriptor = openSync(path, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const { size } = fstatSync(descriptor);
    if (bytes.length <= size) writeWhole(descriptor, padded(bytes, size));
    else closeSync(descriptor);
    return bytes.length <= size;
  } catch {
    return false;
  }
}

/** Readers of JSON pass over spaces at its end. */
function padded(bytes: Buffer, length: number): Buffer {
  const end = bytes.lastIndexOf("\n");
  return Buffer.concat([bytes.subarray(0, end), Buffer.alloc(length - bytes.length, " "), bytes.subarray(end)]);
}

/** A disk that gets full takes a part, and says why with the rest. */
function writeWhole(descriptor: number, bytes: Buffer): void {
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What is there instead is no file of ours.
  }
}

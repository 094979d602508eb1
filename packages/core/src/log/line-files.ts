import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** One writer's files of a run's log, as they were opened: rotation does not take them away from a reader. */
export interface OpenFile {
  /** Name without rotation number: `w0.jsonl`, `output.log`. */
  readonly name: string;
  /** 0 for the newest. */
  readonly rotation: number;
  readonly descriptor: number;
  readonly inode: number;
  /** Whole lines only: what is written of the next one is not counted. */
  readonly size: number;
  readonly modifiedMs: number;
}

/** Opens every file of a log directory, oldest first for each writer. Close them with `closeFiles`. */
export function openFiles(directory: string): OpenFile[] {
  return namesIn(directory)
    .map((name) => ({ name, ...partsOf(name) }))
    .sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : b.rotation - a.rotation))
    .flatMap(({ name, base, rotation }) => open(join(directory, name), base, rotation));
}

export function closeFiles(files: readonly OpenFile[]): void {
  for (const { descriptor } of files) closeSync(descriptor);
}

/** Lines in the order they were written. */
export function* linesForward({ descriptor, size }: OpenFile, from = 0): Generator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for (let position = from; position < size; ) {
    const block = readAt(descriptor, position, Math.min(BLOCK_BYTES, size - position));
    if (block.length === 0) return;
    position += block.length;
    const text = Buffer.concat([rest, block]);
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end !== -1; end = text.indexOf(NEWLINE, start)) {
      yield text.toString("utf8", start, end);
      start = end + 1;
    }
    rest = text.subarray(start);
  }
}

/** The last line first. */
export function* linesBackward({ descriptor, size }: OpenFile): Generator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for (let position = Math.max(0, size - 1); position > 0; ) {
    const start = Math.max(0, position - BLOCK_BYTES);
    const text = Buffer.concat([readAt(descriptor, start, position - start), rest]);
    position = start;
    let end = text.length;
    for (let newline = text.lastIndexOf(NEWLINE); newline !== -1; newline = previous(text, newline)) {
      yield text.toString("utf8", newline + 1, end);
      end = newline;
    }
    rest = text.subarray(0, end);
  }
  if (size > 0) yield rest.toString("utf8");
}

function previous(text: Buffer, newline: number): number {
  return newline === 0 ? -1 : text.lastIndexOf(NEWLINE, newline - 1);
}

function open(path: string, name: string, rotation: number): OpenFile[] {
  let descriptor: number;
  try {
    // Opening a FIFO would block.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    // Rotated away or pruned meanwhile.
    return [];
  }
  const found = fstatSync(descriptor);
  if (!found.isFile()) {
    closeSync(descriptor);
    return [];
  }
  const { ino, size, mtimeMs } = found;
  return [{ name, rotation, descriptor, inode: ino, size: endOfLastLine(descriptor, size), modifiedMs: mtimeMs }];
}

/** Where the last whole line ends. */
function endOfLastLine(descriptor: number, size: number): number {
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const newline = readAt(descriptor, start, end - start).lastIndexOf(NEWLINE);
    if (newline !== -1) return start + newline + 1;
    end = start;
  }
  return 0;
}

function readAt(descriptor: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => /\.(jsonl|log)$/.test(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** `w0.2.jsonl` is the second last of `w0.jsonl`. */
function partsOf(name: string): { readonly base: string; readonly rotation: number } {
  const found = /^(.*)\.(\d+)(\.jsonl|\.log)$/.exec(name);
  return found === null ? { base: name, rotation: 0 } : { base: `${found[1]}${found[3]}`, rotation: Number(found[2]) };
}

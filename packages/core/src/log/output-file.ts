import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { rotatedPath, shiftRotated } from "./rotation.ts";

const DEFAULT_MAX_BYTES = 16 * 2 ** 20;
const CHUNK_BYTES = 256 * 1024;
/** What is printed during a rotation is copied as well, up to this: a program that floods is not chased. */
const MAX_LATE_BYTES = 2 ** 20;
const NEWLINE = 0x0a;

export interface OutputRotation {
  readonly keptBytes: number;
  /** What is in no file any more. */
  readonly droppedBytes: number;
}

/**
 * The file that takes what the processes of a run print. They all hold it open, so it cannot be replaced: what is in it
 * is copied away, and then it is cut. All of them append, so they go on at its new end.
 */
export class OutputFile {
  readonly #path: string;
  readonly #maxBytes: number;

  /** @param maxBytes it is rotated when it is larger; of one that is twice as large, only the last of it is kept */
  constructor(path: string, maxBytes: number = DEFAULT_MAX_BYTES) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  /** Rotates a file that is full. Undefined: it is not. On a full disk it is cut all the same, and nothing of it kept. */
  limit(): OutputRotation | undefined {
    const found = statSync(this.#path, { throwIfNoEntry: false });
    if (found === undefined || found.size <= this.#maxBytes) return undefined;
    const descriptor = openSync(this.#path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    try {
      const { size } = fstatSync(descriptor);
      // What a busy program prints between two looks is kept as well.
      const start = size <= 2 * this.#maxBytes ? 0 : lineStart(descriptor, size - this.#maxBytes);
      const end = this.#keep(descriptor, start);
      const { size: last } = fstatSync(descriptor);
      ftruncateSync(descriptor, 0);
      return { keptBytes: end - start, droppedBytes: start + last - end };
    } finally {
      closeSync(descriptor);
    }
  }

  /** Copies from there to the end; returns how far it came. */
  #keep(descriptor: number, start: number): number {
    const beside = `${this.#path}.new`;
    try {
      const end = copy(descriptor, start, fstatSync(descriptor).size + MAX_LATE_BYTES, beside);
      shiftRotated(this.#path);
      renameSync(beside, rotatedPath(this.#path, 1));
      return end;
    } catch {
      rmSync(beside, { recursive: true, force: true });
      return start;
    }
  }
}

/** First line of a rotated file whose beginning was dropped; readers that follow find by it where they are. */
function droppedLine(bytes: number): string {
  return `[dimos: ${bytes} bytes that were printed before this are not kept]\n`;
}

/** How much was dropped before the text of a rotated file, and where that text begins in it. */
export function parseDroppedLine(firstLine: string): { readonly droppedBytes: number; readonly textStart: number } {
  const bytes = /^\[dimos: (\d+) bytes that were printed before this are not kept\]$/.exec(firstLine)?.[1];
  return bytes === undefined
    ? { droppedBytes: 0, textStart: 0 }
    : { droppedBytes: Number(bytes), textStart: firstLine.length + 1 };
}

function copy(descriptor: number, start: number, maxEnd: number, path: string): number {
  const target = openSync(path, "w", 0o600);
  try {
    if (start > 0) writeSync(target, droppedLine(start));
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let position = start; ; ) {
      const count = readSync(descriptor, chunk, 0, Math.min(chunk.length, maxEnd - position), position);
      if (count === 0) return position;
      for (let written = 0; written < count; ) written += writeSync(target, chunk, written, count - written);
      position += count;
    }
  } finally {
    closeSync(target);
  }
}

/** The next line's beginning, unless a line is longer than a look at it. */
function lineStart(descriptor: number, position: number): number {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const newline = chunk.subarray(0, readSync(descriptor, chunk, 0, chunk.length, position - 1)).indexOf(NEWLINE);
  return newline === -1 ? position : position + newline;
}

import { setTimeout as sleep } from "node:timers/promises";
import { closeFiles, linesForward, type OpenFile, openFiles } from "./line-files.ts";
import { type LogFilter, passes } from "./log-filter.ts";
import { parseDroppedLine } from "./output-file.ts";
import { type LogRecord, lastRecords, parseRecord } from "./read-run-log.ts";

const POLL_MS = 150;

export interface FollowOptions {
  /** So many of what is there already come first. */
  readonly last: number;
  readonly filter: LogFilter;
  readonly signal: AbortSignal;
  /** Asked after each look; the end of a run that has ended, once everything of it is read. */
  readonly isOver: () => boolean;
}

/** What is there and what comes, in order of time as far as it has come, through rotation. */
export async function* followRunLog(directory: string, options: FollowOptions): AsyncGenerator<LogRecord> {
  const { last, filter, signal, isOver } = options;
  let files = openFiles(directory);
  try {
    yield* lastRecords(files, last, filter);
    let read = new Map(files.map(({ inode, size }) => [inode, size]));
    while (!signal.aborted) {
      const over = isOver();
      // Those of the last look stay open until now: no new file can have got the inode of a deleted one.
      const before = files;
      files = openFiles(directory);
      closeFiles(before);
      yield* newRecords(files, read).filter((record) => passes(record, filter));
      read = new Map(files.map(({ inode, size }) => [inode, size]));
      if (over) return;
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    closeFiles(files);
  }
}

function newRecords(files: readonly OpenFile[], read: ReadonlyMap<number, number>): LogRecord[] {
  return files
    .flatMap((file) =>
      [...linesForward(file, startOf(file, files, read))].flatMap((line) => parseRecord(line, file) ?? []),
    )
    .sort((a, b) => a.timeMs - b.timeMs);
}

/**
 * Where what is new in a file begins. One that is rotated by renaming keeps its inode, and is read on. What is printed is
 * copied to a new file instead, and the old one is cut: of the first copy since the last look a part is known already.
 */
function startOf(file: OpenFile, files: readonly OpenFile[], read: ReadonlyMap<number, number>): number {
  const copies = files.filter(
    ({ name, rotation, inode }) => name === file.name && isCopied(name) && rotation > 0 && !read.has(inode),
  );
  // They come with the oldest first.
  const [first] = copies;
  if (first === undefined) return read.get(file.inode) ?? 0;
  if (file.rotation === 0) return 0;
  if (file.inode !== first.inode) return read.get(file.inode) ?? 0;
  const current = files.find(({ name, rotation }) => name === file.name && rotation === 0);
  const [line = ""] = linesForward(first);
  const { droppedBytes, textStart } = parseDroppedLine(line);
  return textStart + Math.max(0, (read.get(current?.inode ?? -1) ?? 0) - droppedBytes);
}

function isCopied(name: string): boolean {
  return name.endsWith(".log");
}

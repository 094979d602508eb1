import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeDirectory } from "../make-directory.ts";
import { isRunAlive, parseRunEntry, type RunEntry } from "./run-entry.ts";
import { endReasonOf } from "./select-runs.ts";

const KEEP_DAYS = 30;
const KEEP_RUNS = 50;
const DAY_MS = 24 * 60 * 60_000;

export interface RunListing {
  /** Oldest first. */
  readonly entries: readonly RunEntry[];
  /** Files that are no entries: half-written, or somebody else's. They are left where they are. */
  readonly unreadable: readonly string[];
}

/** The runs of this user, one JSON file each. Only the run itself writes its file. */
export class RunRegistry {
  readonly directory: string;

  constructor(stateDirectory: string) {
    this.directory = join(stateDirectory, "runs");
  }

  /** Writes an entry: a reader sees the old file or the new one, never a part. */
  write(entry: RunEntry): void {
    makeDirectory(this.directory);
    const file = join(this.directory, `${entry.runId}.json`);
    const temporary = `${file}.${process.pid}.tmp`;
    const descriptor = openSync(temporary, "w", 0o600);
    try {
      writeSync(descriptor, `${JSON.stringify(entry, undefined, 2)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  }

  list(): RunListing {
    const entries: RunEntry[] = [];
    const unreadable: string[] = [];
    for (const name of this.#files()) {
      const file = join(this.directory, name);
      const entry = parseRunEntry(readIfPossible(file));
      if (entry === undefined) unreadable.push(file);
      else entries.push(entry);
    }
    return { entries: entries.toSorted((a, b) => (a.runId < b.runId ? -1 : 1)), unreadable };
  }

  /** Runs whose process is there, starting ones included. */
  alive(): readonly RunEntry[] {
    return this.list().entries.filter(isRunAlive);
  }

  /** Forgets ended runs, with their logs, that are old or too many, and tidies up after killed ones. For writers only: readers never delete. */
  prune(now: number = Date.now()): void {
    const ended = this.list().entries.filter((entry) => !isRunAlive(entry));
    const excess = ended.slice(0, Math.max(0, ended.length - KEEP_RUNS));
    const old = ended.filter((entry) => now - (entry.endedAt ?? entry.startedAt) > KEEP_DAYS * DAY_MS);
    for (const entry of ended) if (entry.state !== "stopped" && entry.state !== "failed") this.#tidyUp(entry);
    for (const { runId, logDirectory } of new Set([...excess, ...old])) {
      rmSync(join(this.directory, `${runId}.json`), { force: true });
      if (logDirectory.endsWith(join("logs", runId))) rmSync(logDirectory, { recursive: true, force: true });
    }
  }

  /** A run that was killed can neither say so nor take its sockets away. */
  #tidyUp(entry: RunEntry): void {
    removeSockets(entry);
    this.write({ ...entry, state: "failed", exit: { reason: endReasonOf(entry) as string } });
  }

  #files(): string[] {
    try {
      return readdirSync(this.directory).filter((name) => name.endsWith(".json"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }
}

function removeSockets({ endpoint }: RunEntry): void {
  const directory = dirname(endpoint.replace(/^unix:/, ""));
  if (/[/]dimos-ts(-\d+)?[/][0-9a-f]{8}$/.test(directory)) rmSync(directory, { recursive: true, force: true });
}

/** What cannot be read (pruned meanwhile, somebody else's, a folder) reads as empty, which is no entry: one bad file hides no run. */
function readIfPossible(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

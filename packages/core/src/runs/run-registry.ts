import { lstatSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isSocketDirectory } from "../directories.ts";
import { makeDirectory } from "../make-directory.ts";
import { readOwnFile } from "../read-text-file.ts";
import { removeLeftovers } from "./leftovers.ts";
import { replaceFile } from "./replace-file.ts";
import { isRunAlive, parseRunEntry, type RunEntry } from "./run-entry.ts";
import { endReasonOf } from "./select-runs.ts";

const KEEP_DAYS = 30;
const KEEP_RUNS = 50;
const DAY_MS = 24 * 60 * 60_000;
const MAX_ENTRY_BYTES = 2 ** 20;

export interface RunListing {
  /** Oldest first. */
  readonly entries: readonly RunEntry[];
  /** Files that are no entries: half-written, or somebody else's. They are left where they are. */
  readonly unreadable: readonly string[];
}

/** The runs of this user, one JSON file each. Only the run itself writes its file. */
export class RunRegistry {
  readonly directory: string;
  readonly #logs: string;

  constructor(stateDirectory: string) {
    this.directory = join(stateDirectory, "runs");
    this.#logs = join(stateDirectory, "logs");
  }

  /**
   * Writes an entry: a reader sees the old file or the new one, never a part. On a full disk the file is overwritten
   * where it is, for which it has the room.
   */
  write(entry: RunEntry): void {
    makeDirectory(this.directory);
    replaceFile(this.#fileOf(entry.runId), `${JSON.stringify(entry, undefined, 2)}\n`);
  }

  list(): RunListing {
    const entries: RunEntry[] = [];
    const unreadable: string[] = [];
    for (const name of this.#files()) {
      const file = join(this.directory, name);
      const entry = parseRunEntry(readOwnFile(file, MAX_ENTRY_BYTES) ?? "");
      // An entry that names another run could have that one's files removed.
      if (entry === undefined || name !== `${entry.runId}.json`) unreadable.push(file);
      else entries.push(entry);
    }
    return { entries: entries.toSorted((a, b) => (a.runId < b.runId ? -1 : 1)), unreadable };
  }

  /** Runs whose process is there, starting ones included. */
  alive(): readonly RunEntry[] {
    return this.list().entries.filter(isRunAlive);
  }

  /**
   * Forgets ended runs, with their logs, that are old or too many, and tidies up after killed ones. Removes nothing
   * outside of the directories for runs, logs and sockets, whatever a run's file says. For writers only: readers never delete.
   */
  prune(now: number = Date.now()): void {
    const { entries } = this.list();
    const ended = entries.filter((entry) => !isRunAlive(entry));
    const excess = ended.slice(0, Math.max(0, ended.length - KEEP_RUNS));
    const old = ended.filter((entry) => now - (entry.endedAt ?? entry.startedAt) > KEEP_DAYS * DAY_MS);
    const inUse = new Set(entries.filter(isRunAlive).map(socketsOf));
    for (const entry of ended) if (entry.state !== "stopped" && entry.state !== "failed") this.#tidyUp(entry, inUse);
    for (const { runId } of new Set([...excess, ...old])) {
      rmSync(this.#fileOf(runId), { force: true });
      removeDirectory(join(this.#logs, runId));
    }
    removeLeftovers(this.directory, this.#logs, now);
  }

  /** A run that was killed can neither say so nor take its sockets away. */
  #tidyUp(entry: RunEntry, inUse: ReadonlySet<string>): void {
    const sockets = socketsOf(entry);
    if (!inUse.has(sockets) && isSocketDirectory(sockets, process.env)) removeDirectory(sockets);
    this.write({ ...entry, state: "failed", exit: { reason: endReasonOf(entry) as string } });
  }

  #fileOf(runId: string): string {
    return join(this.directory, `${runId}.json`);
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

function socketsOf({ endpoint }: RunEntry): string {
  return dirname(endpoint.replace(/^unix:/, ""));
}

/** Never what a link leads to. */
function removeDirectory(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    rmSync(path, { recursive: true, force: true });
}

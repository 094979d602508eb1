import type { EstopState } from "../safety/estop-state.ts";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";
import { fitRunName, isRunName } from "./run-name.ts";

export type RunState = "starting" | "running" | "stopping" | "stopped" | "failed";

/** One run as its file says. Fields that this version does not know are kept. */
export interface RunEntry extends ProcessIdentity {
  readonly runId: string;
  /** What people call it: the blueprint's name, or what `--name` said. */
  readonly name: string;
  readonly state: RunState;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly blueprints: readonly string[];
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly execPath: string;
  readonly execArgv: readonly string[];
  /** `DIMOS_*` of its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
  /** Control endpoint, `unix:/…`. */
  readonly endpoint: string;
  /** Where clients with the token connect over TCP. */
  readonly tcpEndpoint?: string | undefined;
  readonly logDirectory: string;
  /** Whether its emergency stop is latched; undefined as long as it never was. */
  readonly estop?: EstopState | undefined;
  /** Why it ended. */
  readonly exit?: { readonly reason: string } | undefined;
}

/** Whether the run's own process is there. A run whose process died without a word is not running. */
export function isRunAlive(entry: RunEntry): boolean {
  return entry.state !== "stopped" && entry.state !== "failed" && isAlive(entry);
}

/** It names the run's file and the directory of its logs: no path. */
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => typeof value === "number";
const isTextList = (value: unknown) => Array.isArray(value) && value.every(isText);
const isRecord = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const isProcessId = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 1;

/** What each field is, if it is there. */
const FIELDS: { readonly [K in keyof RunEntry]-?: (value: unknown) => boolean } = {
  runId: (value) => isText(value) && RUN_ID.test(value as string),
  name: isText,
  pid: isProcessId,
  startTime: isText,
  bootId: isText,
  state: isText,
  startedAt: isNumber,
  endedAt: isNumber,
  blueprints: isTextList,
  argv: isTextList,
  cwd: isText,
  execPath: isText,
  execArgv: isTextList,
  env: (value) => isRecord(value) && Object.values(value as object).every(isText),
  config: isRecord,
  endpoint: isText,
  tcpEndpoint: isText,
  logDirectory: isText,
  estop: (value) => isRecord(value) && typeof (value as { latched?: unknown }).latched === "boolean",
  exit: (value) => isRecord(value) && isText((value as { reason?: unknown }).reason),
};

/** Reads an entry from the text of its file; undefined when it is none. Missing fields get defaults. */
export function parseRunEntry(text: string): RunEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const found = value as Partial<RunEntry>;
  if (found.runId === undefined || found.pid === undefined) return undefined;
  for (const [name, is] of Object.entries(FIELDS)) {
    const field = found[name as keyof RunEntry];
    if (field !== undefined && !is(field)) return undefined;
  }
  return {
    state: "failed",
    startedAt: 0,
    blueprints: [],
    argv: [],
    cwd: "/",
    execPath: process.execPath,
    execArgv: [],
    env: {},
    config: {},
    endpoint: "",
    logDirectory: "",
    startTime: undefined,
    bootId: undefined,
    ...found,
    runId: found.runId,
    // One that was put there by hand cannot pass for an option or move a cursor.
    name: isRunName(found.name) ? found.name : fitRunName(found.name ?? found.runId),
    pid: found.pid,
  };
}

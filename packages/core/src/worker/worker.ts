import type { MemoryFaults } from "../report/memory-faults.ts";
import type { HoldState } from "../safety/hold.ts";
import type { WorkerAnswers, WorkerRequest } from "./messages.ts";

export interface RequestOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Why and how a worker ended. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The error that it said it ended for. */
  readonly uncaught?: string | undefined;
  /** Why the coordinator killed it, when it says so. */
  readonly killedFor?: string | undefined;
}

/** A place where modules run, as the coordinator sees it. */
export interface Worker {
  readonly name: string;
  readonly pid: number;
  /** Milliseconds since it last gave a sign of life; 0 for one without a process of its own. */
  readonly silentMs: number;
  /** Signs of life so far. */
  readonly heard: number;
  /** A module there is imported, constructed, built, started or stopped just now, all of which may block. */
  readonly isAtModuleLife: boolean;
  /** A debugger was open there at its last sign of life. */
  readonly isDebugged: boolean;
  /** Memory of its process, bytes; 0 while unknown. */
  readonly rssBytes: number;
  /** As of its last sign of life. */
  readonly memoryFaults: MemoryFaults;
  /** Whether its actuators are held. */
  readonly hold: HoldState;
  /** The last stop of its emergency socket that it has reported. */
  readonly heardStop: string | undefined;
  /** Settles when the worker has ended, however that came. */
  readonly exited: Promise<WorkerExit>;
  /** Rejects when the worker ends, at the deadline and on abort. */
  request<R extends WorkerRequest>(request: R, options: RequestOptions): Promise<WorkerAnswers[R["type"]]>;
  /** Shows it that the coordinator's event loop runs. */
  beat(): void;
  /** Ends it within `timeoutMs`: asked first, then SIGTERM, then SIGKILL. One shared promise. */
  stop(timeoutMs: number): Promise<void>;
  /** Ends it at once; for what does not answer any more. `why` continues the sentence about its end. */
  kill(why?: string): Promise<void>;
}

/** Continues a sentence about the worker: `was ended by SIGKILL`. */
export function describeExit({ code, signal, uncaught, killedFor }: WorkerExit): string {
  if (killedFor !== undefined) return `was ended by ${signal}: ${killedFor}`;
  if (signal === null) return `ended with exit code ${code}${uncaught === undefined ? "" : ` after ${uncaught}`}`;
  return `was ended by ${signal}${signal === "SIGABRT" ? " (Node aborts when its memory is used up)" : ""}`;
}

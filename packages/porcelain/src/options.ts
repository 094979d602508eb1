import type { LoadOptions } from "@dimos/core";
import type { CallInterceptor } from "./call-interceptor.ts";

export type DimosState = "idle" | "starting" | "running" | "stopping" | "stopped";

export interface RunOptions extends LoadOptions {
  /** Name of the run, where this call starts it; default: the name that was given, or the first module. */
  readonly name?: string;
  /** Names of what is run, as people gave them, for the run registry; default: the names in `target`. */
  readonly blueprints?: readonly string[];
  /** Why the run begins with the emergency stop latched; default: it does not. */
  readonly estop?: string | undefined;
  /** Gives up after this time, and undoes what was done. Default: never. */
  readonly timeoutMs?: number;
}

/** What one `run` started. */
export interface RunHandle {
  /** Instance names of the modules it added. */
  readonly modules: readonly string[];
  /** Ends the whole system; of a connected one, only the connection. */
  stop(): Promise<void>;
}

export interface ConnectOptions {
  /** Id or name of the run, or a beginning of it. Not needed when one run is alive. */
  readonly run?: string;
  /** Instead of a run of this machine: `unix:/path` or `ws://host:port`. */
  readonly endpoint?: string;
  /** Default: `DIMOS_TOKEN` of the environment or of `.env`. */
  readonly token?: string;
  /** Default: 5,000. */
  readonly timeoutMs?: number;
  /** Stands between the program and its calls, publications and loads, for example to abort them all at once. */
  readonly intercept?: CallInterceptor;
}

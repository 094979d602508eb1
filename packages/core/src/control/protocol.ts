import type { BlueprintEntry } from "../blueprint/entry.ts";
import type { RunEventName, RunEvents } from "../report/events.ts";
import type { ModuleStatus } from "../report/module-status.ts";
import type { EstopState } from "../safety/estop-state.ts";

/** Methods of a coordinator's control endpoint. See README.md beside this file. */
export const CONTROL = {
  directory: "directory",
  load: "load",
  unload: "unload",
  restart: "restart",
  endpointOf: "endpointOf",
  streamSource: "streamSource",
  health: "health",
  metrics: "metrics",
  estop: "estop",
  resetEstop: "resetEstop",
  stop: "stop",
  call: "call",
  readStream: "readStream",
  listTopics: "listTopics",
  publish: "publish",
} as const;

/** Topic that every client subscribes to; carries `ControlEvent`. */
export const EVENTS = "events";

/** What runs, as of a generation. */
export interface Directory {
  readonly runId: string;
  readonly generation: number;
  readonly modules: readonly ModuleStatus[];
  readonly debugCalls: boolean;
  readonly estop: EstopState;
}

/** What `readStream` reports: that it listens, then every message. */
export type RelayedMessage = { readonly begun: true } | { readonly message: unknown };

/** One event of the run, with what runs after it. */
export type ControlEvent = {
  [K in RunEventName]: { readonly name: K; readonly event: RunEvents[K]; readonly directory: Directory };
}[RunEventName];

/** What a client asks to be loaded: names that the run's own project knows, or a plan that the client made. */
export type LoadRequest =
  | { readonly names: readonly string[]; readonly config: Readonly<Record<string, unknown>> }
  | {
      readonly entries: readonly PlainEntry[];
      readonly globals: Readonly<Record<string, unknown>>;
      readonly warnings: readonly string[];
    };

/** A module of a blueprint without what cannot travel; the worker that constructs it checks its config. */
export type PlainEntry = Omit<BlueprintEntry, "configSchema" | "moduleClass">;

import type { RefResolution } from "../blueprint/resolve-refs.ts";
import type { ModuleDescription } from "../module/description.ts";
import type { PlannedEntry } from "./plan.ts";
import type { WorkerPool } from "./worker-pool.ts";

export type ModuleState =
  | "deployed"
  | "building"
  | "starting"
  | "running"
  | "restarting"
  | "stopping"
  | "crashed"
  | "failed";

/** A module of this run, from its deployment to its end. */
export interface RunningModule {
  readonly plan: PlannedEntry;
  readonly description: ModuleDescription;
  readonly worker: string;
  /** What its references point to, by name. */
  readonly refs: ReadonlyMap<string, RefResolution>;
  state: ModuleState;
  /** How often it was started again. */
  restarts: number;
}

/** What readers get: a snapshot, plain data. */
export interface ModuleStatus {
  readonly instance: string;
  readonly className: string;
  readonly source: string;
  readonly state: ModuleState;
  readonly restarts: number;
  readonly worker: string;
  /** 0 while its worker is down. */
  readonly pid: number;
  readonly description: ModuleDescription;
}

/** Snapshots of modules, with the processes they run in. */
export function statusesOf(modules: Iterable<RunningModule>, pool: WorkerPool): readonly ModuleStatus[] {
  return [...modules].map(({ description, worker, state, restarts }) => ({
    instance: description.instance,
    className: description.className,
    source: description.source,
    state,
    restarts,
    worker,
    pid: pool.get(worker)?.pid ?? 0,
    description,
  }));
}

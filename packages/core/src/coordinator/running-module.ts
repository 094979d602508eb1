import type { RefResolution } from "../blueprint/resolve-refs.ts";
import type { ModuleDescription } from "../module/description.ts";
import type { ModuleState, ModuleStatus } from "../report/module-status.ts";
import type { SourceFile } from "../source-files.ts";
import type { PlannedEntry } from "./plan.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** A module of this run, from its deployment to its end. */
export interface RunningModule {
  readonly plan: PlannedEntry;
  readonly description: ModuleDescription;
  readonly worker: string;
  /** What its references point to, by name. */
  readonly refs: ReadonlyMap<string, RefResolution>;
  /** Files it was imported from, as they were when it last started; undefined while nobody knows. */
  sources?: readonly SourceFile[] | undefined;
  /** It runs from a source that was edited since the run began. */
  readonly isEdited?: boolean;
  state: ModuleState;
  /** How often it was started again. */
  restarts: number;
}

/** Snapshots of modules, with the processes they run in. */
export function statusesOf(modules: Iterable<RunningModule>, pool: WorkerPool): readonly ModuleStatus[] {
  return [...modules].map(({ plan, description, worker, state, restarts }) => ({
    instance: description.instance,
    className: description.className,
    source: description.source,
    state,
    restarts,
    worker,
    pid: pool.get(worker)?.pid ?? 0,
    // With the QoS that the blueprint says.
    description: { ...description, ports: plan.shape.ports },
  }));
}

import type { ModuleDescription } from "../module/description.ts";

export type ModuleState =
  | "deployed"
  | "building"
  | "starting"
  | "running"
  | "restarting"
  | "stopping"
  | "crashed"
  | "failed";

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

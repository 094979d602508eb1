import type { Blueprint } from "../blueprint/blueprint.ts";
import type { LoadProgress } from "../report/load-progress.ts";

/** Finds blueprints by the names that the run's own project knows. */
export type ResolveNames = (names: readonly string[]) => Promise<Blueprint>;

export interface LoadOptions {
  /** Settings of the modules that are loaded: by module, or by name where that is unique. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

export interface RestartModuleOptions {
  /** Import the module's file, and what it imports, anew. Default: true. */
  readonly reloadSource?: boolean;
}

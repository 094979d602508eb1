import type { GlobalConfigInput } from "@dimos/core";
import { DimosRuntime } from "./dimos.ts";
import type { ModuleHandles } from "./handles.ts";
import type { ConnectOptions } from "./options.ts";

/** A robot system: its own members, and a handle for every running module by name. */
export type Dimos = DimosRuntime & ModuleHandles;

export interface DimosConstructor {
  /** Checks the settings at once and starts nothing. */
  new (overrides?: GlobalConfigInput): Dimos;
  /** Attaches to a running system. */
  connect(options?: ConnectOptions): Promise<Dimos>;
}

export const Dimos = DimosRuntime as unknown as DimosConstructor;

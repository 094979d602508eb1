import { BlueprintError } from "../errors.ts";
import type { ModuleClass } from "../module/module.ts";
import { type ModuleShape, shapeOf } from "../module/shape.ts";
import type { StandardSchema } from "../schema.ts";
import type { Transport } from "../transport.ts";
import type { QosOverride } from "./qos-overrides.ts";

/** One module of a blueprint. */
export interface BlueprintEntry {
  /** `Camera`, or `robot0/Camera` in a namespace. */
  readonly instance: string;
  /** `robot0`; empty without one. */
  readonly namespace: string;
  readonly shape: ModuleShape;
  /** For modules that run in this process; undefined in a plan that came from another one. */
  readonly moduleClass: ModuleClass | undefined;
  /** Checks the config before anything is started. */
  readonly configSchema: StandardSchema | undefined;
  /** As given by the author of the blueprint, unchecked. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Effective stream name by port, without the leading slash. */
  readonly topics: Readonly<Record<string, string>>;
  /** Instance names that references were pinned to. */
  readonly refTargets: Readonly<Record<string, string>>;
  /** What this blueprint changes of the QoS of inputs, by port. */
  readonly qos: Readonly<Record<string, QosOverride>>;
  /** How the streams of ports travel that this blueprint pins, by port. */
  readonly transports: Readonly<Record<string, Transport>>;
  readonly disabled: boolean;
}

/** The entries that a class (subclasses too) or an instance name means; throws when there is none. */
export function matchEntries(entries: readonly BlueprintEntry[], target: ModuleClass | string): BlueprintEntry[] {
  const wanted = typeof target === "string" ? target : target.name;
  const id = typeof target === "string" ? undefined : shapeOf(target).classChain[0];
  const found = entries.filter((entry) =>
    id === undefined ? entry.instance === wanted : entry.shape.classChain.includes(id),
  );
  if (found.length === 0)
    throw BlueprintError.unknownModule(
      wanted,
      entries.map((entry) => entry.instance),
    );
  return found;
}

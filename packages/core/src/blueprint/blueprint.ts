import { BLUEPRINT, MODULE } from "../brand.ts";
import { BlueprintError } from "../errors.ts";
import type { ModuleClass } from "../module/module.ts";
import { type ModuleShape, shapeOf } from "../module/shape.ts";
import type { StandardSchema } from "../schema.ts";
import { inNamespace } from "./namespace.ts";
import { applyQos, type PortQos, type QosOverride } from "./qos-overrides.ts";
import { applyRemappings, type Remapping } from "./remappings.ts";
import type { Requirement } from "./requirements.ts";

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
  readonly disabled: boolean;
}

interface BlueprintParts {
  readonly entries: readonly BlueprintEntry[];
  readonly globals: Readonly<Record<string, unknown>>;
  readonly checks: readonly Requirement[];
  readonly warnings: readonly string[];
}

/** A frozen plan of modules. Its methods return a new plan and never change this one. */
export class Blueprint implements BlueprintParts {
  readonly [BLUEPRINT] = true;
  readonly entries: readonly BlueprintEntry[];
  readonly globals: Readonly<Record<string, unknown>>;
  readonly checks: readonly Requirement[];
  readonly warnings: readonly string[];

  constructor(parts: BlueprintParts) {
    this.entries = Object.freeze(parts.entries.map(freezeEntry));
    this.globals = Object.freeze({ ...parts.globals });
    this.checks = Object.freeze([...parts.checks]);
    this.warnings = Object.freeze([...parts.warnings]);
    Object.freeze(this);
  }

  /** Renames streams or pins references: `[[Camera, "image", "colorImage"], [Skills, "navigation", "Planner"]]`. */
  remappings(remappings: readonly Remapping[]): Blueprint {
    return new Blueprint({ ...this, entries: applyRemappings(this.entries, remappings) });
  }

  /**
   * Puts everything under a prefix: `robot0/Camera`, `/robot0/image`.
   *
   * @param expose streams that keep their name outside
   */
  namespace(prefix: string, options: { readonly expose?: readonly string[] } = {}): Blueprint {
    return new Blueprint({ ...this, entries: inNamespace(this.entries, prefix, options.expose ?? []) });
  }

  /** Leaves modules out, by class or instance name; references to them reject with `ModuleDisabledError`. */
  disabledModules(...modules: readonly (ModuleClass | string)[]): Blueprint {
    const matched = modules.map((module) => matchEntries(this.entries, module));
    const disabled = new Set(matched.flat());
    return new Blueprint({
      ...this,
      entries: this.entries.map((entry) => (disabled.has(entry) ? { ...entry, disabled: true } : entry)),
    });
  }

  /** Changes how inputs keep messages: `[[Mapper, "scan", { keep: "latest", maxAgeMs: 200 }]]`. */
  qos(overrides: readonly PortQos[]): Blueprint {
    return new Blueprint({ ...this, entries: applyQos(this.entries, overrides) });
  }

  /** Values of `GlobalConfig` that this blueprint wants; files, environment and callers override them. */
  globalConfig(values: Readonly<Record<string, unknown>>): Blueprint {
    return new Blueprint({ ...this, globals: { ...this.globals, ...values } });
  }

  /** Conditions checked before anything is started; all that fail are reported together. */
  requirements(...checks: readonly Requirement[]): Blueprint {
    return new Blueprint({ ...this, checks: [...this.checks, ...checks] });
  }
}

function freezeEntry(entry: BlueprintEntry): BlueprintEntry {
  for (const part of [entry.config, entry.topics, entry.refTargets, entry.qos]) Object.freeze(part);
  return Object.freeze(entry);
}

export function blueprintOf(moduleClass: ModuleClass, config: Readonly<Record<string, unknown>>): Blueprint {
  const shape = shapeOf(moduleClass);
  const spec = moduleClass[MODULE];
  const entry: BlueprintEntry = {
    instance: spec.name ?? shape.className,
    namespace: "",
    shape,
    moduleClass,
    configSchema: spec.config,
    config: { ...config },
    topics: Object.fromEntries(shape.ports.map((port) => [port.name, port.name])),
    refTargets: {},
    qos: {},
    disabled: false,
  };
  return new Blueprint({ entries: [entry], globals: {}, checks: [], warnings: [] });
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

import { BLUEPRINT, MODULE } from "../brand.ts";
import type { ModuleClass } from "../module/module.ts";
import { shapeOf } from "../module/shape.ts";
import { type BlueprintEntry, matchEntries } from "./entry.ts";
import { frozenCopy } from "./frozen-copy.ts";
import { inNamespace } from "./namespace.ts";
import { applyQos, type PortQos } from "./qos-overrides.ts";
import { applyRemappings, type Remapping } from "./remappings.ts";
import type { Requirement } from "./requirement.ts";
import { applyTransports, type PinnedTransports } from "./transports.ts";

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
    this.globals = frozenCopy(parts.globals);
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

  /** How streams travel between workers, by name: `{ colorImage: "socket" }`. Others do as the setting `transport` says. */
  transports(pins: PinnedTransports): Blueprint {
    return new Blueprint({ ...this, entries: applyTransports(this.entries, pins) });
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
  for (const part of [entry.config, entry.topics, entry.refTargets, entry.qos, entry.transports]) Object.freeze(part);
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
    config: frozenCopy(config),
    topics: Object.fromEntries(shape.ports.map((port) => [port.name, port.name])),
    refTargets: {},
    qos: {},
    transports: {},
    disabled: false,
  };
  return new Blueprint({ entries: [entry], globals: {}, checks: [], warnings: [] });
}

import type { Blueprint } from "../blueprint/blueprint.ts";
import type { BlueprintEntry } from "../blueprint/entry.ts";
import { withQos } from "../blueprint/qos-overrides.ts";
import { resolveRefs } from "../blueprint/resolve-refs.ts";
import { checkStreams, type PlannedModule } from "../blueprint/streams.ts";
import { checkTransports } from "../blueprint/transports.ts";
import { refuseDanglingInputs, wiringReport } from "../blueprint/wiring-report.ts";
import { type ConfigSources, resolveModuleSettings } from "../config/resolve.ts";
import { AlreadyDeployedError, BlueprintError } from "../errors.ts";
import type { ModuleClass } from "../module/module.ts";
import { checkRequirements } from "./check-requirements.ts";

/** A module that will be deployed. */
export interface PlannedEntry extends PlannedModule {
  readonly moduleClass: ModuleClass | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  readonly dedicated: boolean;
  /** Modules of the same one share a worker: `robot0/nav`. */
  readonly group: string | undefined;
  /** Runs in the coordinator's process: its class is in the program's own entry file. */
  readonly local: boolean;
}

export interface LoadPlan {
  readonly entries: readonly PlannedEntry[];
  readonly disabled: readonly PlannedModule[];
  readonly warnings: readonly string[];
}

/** What a load meets. */
export interface LoadSite {
  readonly running: readonly PlannedModule[];
  /** Modules that earlier loads disabled: references may be meant for them. */
  readonly disabled: readonly PlannedModule[];
  readonly config: ConfigSources;
  /** The program's own file, whose classes run in its process. */
  readonly entryFile: string | undefined;
  /** Inputs that nothing publishes to are an error. */
  readonly isStrict: boolean;
}

/** Everything that can be found wrong before a process is started is found here. */
export async function planLoad(blueprint: Blueprint, site: Partial<LoadSite> = {}): Promise<LoadPlan> {
  const { running = [], config = {}, entryFile, isStrict = false } = site;
  const active = blueprint.entries.filter((entry) => !entry.disabled);
  const disabled = blueprint.entries.filter((entry) => entry.disabled);
  if (active.length === 0) throw new BlueprintError(describeEmpty(disabled));
  const taken = active.filter((entry) => running.some((module) => module.instance === entry.instance));
  if (taken.length > 0) throw new AlreadyDeployedError(taken.map((entry) => entry.instance));
  checkStreams([...running, ...active]);
  checkTransports([...running, ...active]);
  const unconstructed = [...running, ...active, ...disabled, ...(site.disabled ?? [])].map((module) => ({
    ...module,
    methods: undefined,
  }));
  resolveRefs(active, unconstructed);
  if (isStrict) refuseDanglingInputs(wiringReport(blueprint, running));
  const { configs, settings, warnings } = await resolveModuleSettings(active, config);
  await checkRequirements(blueprint.checks, active, settings);
  const entries = active.map((entry) => planEntry(entry, configs.get(entry.instance) ?? {}, entryFile));
  return { entries, disabled, warnings: [...blueprint.warnings, ...warnings, ...entries.flatMap(warnLocal)] };
}

function planEntry(
  entry: BlueprintEntry,
  config: Readonly<Record<string, unknown>>,
  entryFile: string | undefined,
): PlannedEntry {
  const { instance, namespace, moduleClass, topics, refTargets, qos, transports, disabled } = entry;
  const shape = withQos(entry.shape, qos);
  const local = shape.source === entryFile;
  return {
    instance,
    namespace,
    moduleClass,
    shape,
    topics,
    refTargets,
    qos,
    transports,
    disabled,
    config,
    dedicated: shape.dedicatedWorker,
    group: shape.group === undefined || namespace === "" ? shape.group : `${namespace}/${shape.group}`,
    local,
  };
}

function warnLocal(entry: PlannedEntry): string[] {
  if (!entry.local) return [];
  return [
    `${entry.instance} runs in the coordinator's process and cannot be restarted with its source: its class is in the program's own file ${entry.shape.source}, which a worker would run again. Move the class to a file of its own`,
  ];
}

function describeEmpty(disabled: readonly BlueprintEntry[]): string {
  if (disabled.length === 0) return "The blueprint has no modules";
  return `The blueprint has no modules left to run; disabled: ${disabled.map((entry) => entry.instance).join(", ")}`;
}

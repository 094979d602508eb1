import type { Blueprint, ModuleClass } from "@dimos/core";
import { type DiscoverOptions, type Discovery, discover } from "./discover.ts";
import type { RegistryEntry, RegistryWarning, Target } from "./entry.ts";
import { type UnknownName, UnknownNameError } from "./errors.ts";
import { loadTarget } from "./load.ts";
import { resolveTarget } from "./resolve.ts";

export interface RegistryOptions extends DiscoverOptions {
  /** Relative file names (`./bot.ts`) start here. Default: the working directory of the process. */
  readonly cwd?: string | undefined;
}

/** What the project at hand can run, by name. A value to hand down: two registries know nothing of each other. */
export class BlueprintRegistry {
  readonly #discovery: Discovery;
  readonly #cwd: string;

  /** Reads package.json files only; nothing is imported before `load`. */
  static discover(options: RegistryOptions): BlueprintRegistry {
    return new BlueprintRegistry(discover(options), options.cwd ?? process.cwd());
  }

  constructor(discovery: Discovery, cwd: string) {
    this.#discovery = discovery;
    this.#cwd = cwd;
  }

  /** Every blueprint and module offered, this project's own first. */
  list(): readonly RegistryEntry[] {
    return this.#discovery.entries;
  }

  /** Packages that could not be read, or only in part. */
  get warnings(): readonly RegistryWarning[] {
    return this.#discovery.warnings;
  }

  /**
   * Finds what a name means: `patrol`, `acme-rover.patrol`, `rover-connection`, `./bot.ts`, `./bot.ts#patrol`,
   * `@acme/rover#patrol`. Throws `UnknownNameError`, `AmbiguousNameError` or `TargetNotFoundError`.
   */
  resolve(name: string): Target {
    return this.resolveAll([name])[0] as Target;
  }

  /** Like `resolve` for each; all unknown names are reported in one error. */
  resolveAll(names: readonly string[]): readonly Target[] {
    const unknown: UnknownName[] = [];
    const targets: Target[] = [];
    for (const name of names) {
      const found = resolveTarget(name, { ...this.#discovery, cwd: this.#cwd });
      if ("suggestions" in found) unknown.push(found);
      else targets.push(found);
    }
    if (unknown.length > 0) throw new UnknownNameError(unknown);
    return targets;
  }

  /**
   * Imports a target and returns what it stands for. Rejects with `EntryLoadError`, `ExportNotFoundError`, or with
   * `AmbiguousNameError` when a file without `#export` exports several.
   */
  load(target: Target): Promise<Blueprint | ModuleClass> {
    return loadTarget(target);
  }
}

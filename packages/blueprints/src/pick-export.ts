import type { Blueprint, ModuleClass } from "@dimos/core";
import { didYouMean } from "@dimos/rpc";
import type { Target } from "./entry.ts";
import { AmbiguousNameError, EntryLoadError, ExportNotFoundError } from "./errors.ts";

type Exports = Readonly<Record<string, unknown>>;

/** The export a target means: the one it names, else the single Blueprint of the file, else its single Module class. */
export async function pickExport(target: Target, exports: Exports): Promise<Blueprint | ModuleClass> {
  // Imported here: listing and resolving never pay for core, and the file just loaded has it anyway.
  const { isBlueprint, isModuleClass } = await import("@dimos/core");

  if (target.export !== undefined) {
    const value = named(target, target.export, exports);
    if (isBlueprint(value) || isModuleClass(value)) return value;
    throw new EntryLoadError(
      `The export ${JSON.stringify(target.export)} of ${target.entry} is neither a Blueprint nor a Module class`,
    );
  }
  const [name, ...others] = firstNonEmpty([names(exports, isBlueprint), names(exports, isModuleClass)]);
  if (name === undefined) {
    throw new EntryLoadError(`${target.entry} exports neither a Blueprint nor a Module class${listed(exports)}`);
  }
  if (others.length > 0) {
    const place = target.label.replace(/#$/, "");
    throw new AmbiguousNameError(
      target.label,
      [name, ...others].map((choice) => `${place}#${choice}`),
    );
  }
  return exports[name] as Blueprint | ModuleClass;
}

function named({ entry, label, package: owner }: Target, name: string, exports: Exports): unknown {
  if (Object.hasOwn(exports, name)) return exports[name];
  const whose = owner === undefined ? "" : ` of ${owner}`;
  const hint = didYouMean(name, Object.keys(exports));
  throw new ExportNotFoundError(
    `${label}: ${entry}${whose} has no export ${JSON.stringify(name)}${hint === "" ? listed(exports) : `.${hint}`}`,
  );
}

/** The names under which a kind of value is exported; a value exported twice counts under its first name. */
function names(exports: Exports, isKind: (value: unknown) => boolean): string[] {
  const first = new Map(
    Object.entries(exports)
      .reverse()
      .map(([name, value]) => [value, name]),
  );
  return [...first]
    .filter(([value]) => isKind(value))
    .map(([, name]) => name)
    .sort();
}

function firstNonEmpty(lists: readonly string[][]): string[] {
  return lists.find((list) => list.length > 0) ?? [];
}

function listed(exports: Exports): string {
  const known = Object.keys(exports);
  return known.length === 0 ? " (it exports nothing)" : ` (it exports ${known.join(", ")})`;
}

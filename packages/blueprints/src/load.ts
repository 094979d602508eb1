import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Blueprint, ModuleClass } from "@dimos/core";
import type { Target } from "./entry.ts";
import { EntryLoadError } from "./errors.ts";
import { describeImportError } from "./import-error.ts";
import { pickExport } from "./pick-export.ts";

const TYPESCRIPT = /\.[cm]?tsx?$/;

/** Imports the file of a target and returns the Blueprint or Module class that it means. */
export async function loadTarget(target: Target): Promise<Blueprint | ModuleClass> {
  refuseWhatCannotRun(target);
  let namespace: Readonly<Record<string, unknown>>;
  try {
    namespace = await import(pathToFileURL(target.entry).href);
  } catch (error) {
    throw new EntryLoadError(`${subject(target)}: ${await describeImportError(error, target.entry)}`, { cause: error });
  }
  return pickExport(target, namespace);
}

function refuseWhatCannotRun(target: Target): void {
  const installed = target.entry.includes("/node_modules/");
  if (!existsSync(target.entry)) {
    const remedy = installed
      ? "The package was published without it: tell its authors, or install another version."
      : "Build the package first.";
    throw new EntryLoadError(`${subject(target)}: the file does not exist. ${remedy}`);
  }
  if (installed && TYPESCRIPT.test(target.entry)) {
    throw new EntryLoadError(
      `${subject(target)}: Node does not run TypeScript files under node_modules. ` +
        "The package has to be published as JavaScript (dist/*.js with its .d.ts), and its package.json has to name that file.",
    );
  }
}

function subject({ label, package: name, version, entry }: Target): string {
  const owner = name === undefined ? "" : ` of ${name} ${version}`;
  return `Cannot load ${label}${owner} from ${entry}`;
}

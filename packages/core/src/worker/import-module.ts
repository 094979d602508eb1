import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { didYouMean } from "@dimos/rpc";
import { ModuleSpecError } from "../errors.ts";
import { isModuleClass, type ModuleClass } from "../module/module.ts";

/** Imports the file and finds the class by its exported name; both are named in the error when that fails. */
export async function importModuleClass(source: string, className: string): Promise<ModuleClass> {
  const exports = await importFile(source, className);
  const direct = exports[className];
  const found = isModuleClass(direct)
    ? direct
    : Object.values(exports).find((value) => isModuleClass(value) && value.name === className);
  if (isModuleClass(found)) return found;
  const names = Object.keys(exports);
  throw new ModuleSpecError(
    `${source} does not export a module class "${className}".${didYouMean(className, names)} A worker imports the class from the file that "source" names: export it there (exports: ${names.join(", ") || "none"})`,
  );
}

async function importFile(source: string, className: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(source).href)) as Record<string, unknown>;
  } catch (error) {
    if (!existsSync(source))
      throw new ModuleSpecError(
        `${className} cannot be imported from ${source}: there is no such file. Give "source" the import.meta.url of the file that exports ${className}; where a build makes that file, build it again`,
        error,
      );
    throw new ModuleSpecError(`${className} cannot be imported from ${source}: ${describe(error)}`, error);
  }
}

/** A syntax error keeps its file and line only at the head of its stack, before the message. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [location] = (error.stack ?? "").split("\n");
  const isLocation = location !== undefined && /:\d+$/.test(location) && !location.includes(error.message);
  return isLocation ? `${error.message} (${location})` : error.message;
}

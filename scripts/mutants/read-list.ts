import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Mutant } from "./mutant.ts";

/** A mutation with the name of its list: `robot` for `list/robot.ts`. */
export interface ListedMutant extends Mutant {
  readonly area: string;
}

/** Every array that a file of `folder` exports, in the order of the files' names. */
export async function readList(folder: string): Promise<ListedMutant[]> {
  const all: ListedMutant[] = [];
  for (const file of globSync("*.ts", { cwd: folder }).sort()) {
    const exported: Record<string, unknown> = await import(pathToFileURL(join(folder, file)).href);
    const arrays = Object.values(exported).filter((value): value is Mutant[] => Array.isArray(value));
    for (const mutant of arrays.flat()) all.push({ ...mutant, area: basename(file, ".ts") });
  }
  return all;
}

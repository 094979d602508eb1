import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ModuleClass } from "../src/index.ts";

const CORE = new URL("../src/index.ts", import.meta.url).href;
const MESSAGES = new URL("./messages.ts", import.meta.url).href;

/** A folder of module files that a test writes, imports and edits. */
export class EditedFiles {
  readonly directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR as string, "edited-"));

  /** `CORE` and `MESSAGES` in the text stand for what modules import. */
  write(name: string, text: string): string {
    const file = join(this.directory, name);
    writeFileSync(file, text.replaceAll("CORE", JSON.stringify(CORE)).replaceAll("MESSAGES", JSON.stringify(MESSAGES)));
    return file;
  }

  remove(name: string): void {
    rmSync(join(this.directory, name));
  }

  async importClass(name: string, className: string): Promise<ModuleClass> {
    const exports = (await import(pathToFileURL(join(this.directory, name)).href)) as Record<string, ModuleClass>;
    return exports[className] as ModuleClass;
  }
}

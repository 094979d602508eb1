import { registerHooks } from "node:module";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { contentHash, type SourceFile } from "../source-files.ts";
import { WORKER_ENTRY } from "../worker-entry.ts";

/** The runtime's own files: they are the coordinator's as well, and are replaced with the run. */
const RUNTIME = fileURLToPath(new URL("..", WORKER_ENTRY));
const PACKAGES = `${sep}node_modules${sep}`;

/**
 * Knows which files of the project each file here has imported, and what was in them: Node runs a file as it was at its
 * first import, for as long as the process lives. Installed packages (`node_modules`) do not count, nor does what a module
 * reads by itself.
 */
export class ImportedFiles {
  readonly #hashes = new Map<string, string>();
  /** What each file imports. */
  readonly #imports = new Map<string, Set<string>>();

  /** Sees what is imported from now on, in the whole process and for as long as that lives. */
  constructor() {
    registerHooks({
      resolve: (specifier, context, nextResolve) => {
        const resolved = nextResolve(specifier, context);
        this.#add(resolved.url, context.parentURL);
        return resolved;
      },
    });
  }

  /** The file and all that it imports, directly or not; undefined when it was not imported here. */
  reachableFrom(source: string): readonly SourceFile[] | undefined {
    if (!this.#hashes.has(source)) return undefined;
    const found = new Set([source]);
    for (const path of found) for (const imported of this.#imports.get(path) ?? []) found.add(imported);
    return [...found].map((path) => ({ path, hash: this.#hashes.get(path) as string }));
  }

  #add(url: string, parentUrl: string | undefined): void {
    const path = projectFile(url);
    if (path === undefined) return;
    // Read before Node reads it: an edit in between looks like one after the import, and costs a worker, no more.
    if (!this.#hashes.has(path)) this.#hashes.set(path, contentHash(path) ?? "");
    const parent = parentUrl === undefined ? undefined : projectFile(parentUrl);
    if (parent === undefined) return;
    const imports = this.#imports.get(parent) ?? new Set<string>();
    this.#imports.set(parent, imports.add(path));
  }
}

function projectFile(url: string): string | undefined {
  if (!url.startsWith("file:")) return undefined;
  const path = fileURLToPath(url);
  return path.includes(PACKAGES) || path.startsWith(RUNTIME) ? undefined : path;
}

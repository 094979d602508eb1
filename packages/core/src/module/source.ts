import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The real path of a module's `source`, without the query that a reload or a test runner may have added. */
export function sourcePath(source: string): string {
  const path = source.startsWith("file:") ? fileURLToPath(source.replace(/[?#].*$/, "")) : source;
  try {
    return realpathSync(path);
  } catch {
    // A source that does not exist is reported by the worker that tries to import it.
    return path;
  }
}

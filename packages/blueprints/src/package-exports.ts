import { isRecord, type PackageFile } from "./package-file.ts";

/** The conditions under which Node imports a package, in a package.json `exports` map. */
const CONDITIONS = ["node", "import", "module-sync", "default"];

/**
 * The file (relative, `./dist/index.js`) that `import "<package><subpath>"` reaches; `undefined` when the package does
 * not export it. Node offers this lookup only from the importing file's own place, which is never the project's.
 *
 * @param subpath `"."`, or `"./patrol"` for `@acme/rover/patrol`
 */
export function exportedFile(content: PackageFile["content"], subpath: string): string | undefined {
  const { exports, main } = content;
  if (exports === undefined) {
    if (subpath !== ".") return subpath;
    return typeof main === "string" ? main : "./index.js";
  }
  const bySubpath = isRecord(exports) && Object.keys(exports).some((key) => key.startsWith("."));
  if (!bySubpath) return subpath === "." ? choose(exports) : undefined;
  const exact = exports[subpath];
  if (exact !== undefined) return choose(exact);
  return choosePattern(exports, subpath);
}

function choose(target: unknown): string | undefined {
  if (typeof target === "string") return target;
  if (Array.isArray(target)) return target.map(choose).find((file) => file !== undefined);
  if (!isRecord(target)) return undefined;
  for (const [condition, nested] of Object.entries(target)) {
    if (!CONDITIONS.includes(condition)) continue;
    const file = choose(nested);
    if (file !== undefined) return file;
  }
  return undefined;
}

function choosePattern(exports: Record<string, unknown>, subpath: string): string | undefined {
  const patterns = Object.keys(exports).filter((key) => key.includes("*"));
  for (const pattern of patterns.sort((a, b) => b.indexOf("*") - a.indexOf("*"))) {
    const [before = "", after = ""] = pattern.split("*");
    if (!subpath.startsWith(before) || !subpath.endsWith(after) || subpath.length < pattern.length) continue;
    return choose(exports[pattern])?.replaceAll("*", subpath.slice(before.length, subpath.length - after.length));
  }
  return undefined;
}

import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Writes files into a new temporary folder, which goes away with the test file, and returns its path. Objects become JSON. */
export function packageTree(files: Readonly<Record<string, string | object>>): string {
  const root = realpathSync(mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), "tree-")));
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}

/** The package.json of a package that offers blueprints, each from `./dist/<name>.js`. */
export function blueprintPackage(name: string, namespace: string, ...blueprints: readonly string[]): object {
  return {
    name,
    version: "1.2.0",
    type: "module",
    dimos: {
      apiVersion: 1,
      namespace,
      blueprints: Object.fromEntries(blueprints.map((blueprint) => [blueprint, `./dist/${blueprint}.js`])),
    },
  };
}

/** A file that cannot be imported: whoever tries it has imported where only reading was allowed. */
export const EXPLODES = `throw new Error("this file was imported");`;

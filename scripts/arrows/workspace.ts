import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Workspace {
  readonly packages: readonly WorkspacePackage[];
  /** Development tools that every test may import. */
  readonly tools: ReadonlySet<string>;
}

export interface WorkspacePackage {
  readonly name: string;
  /** Relative to the root: `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Code and tests. */
  readonly sources: readonly SourceFile[];
  /** Built declaration files; empty before a build. */
  readonly declarations: readonly SourceFile[];
}

export interface SourceFile {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

export interface Manifest {
  readonly file: SourceFile;
  readonly dependencies: ReadonlySet<string>;
  readonly peerDependencies: ReadonlySet<string>;
  readonly optionalDependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  /** Its package.json offers blueprints or modules. */
  readonly isBlueprintPackage: boolean;
}

export function readWorkspace(root: string): Workspace {
  const read = (path: string): SourceFile => ({ path, text: readFileSync(join(root, path), "utf8") });
  const find = (pattern: string): SourceFile[] => globSync(pattern, { cwd: root }).sort().map(read);

  const folders = globSync(["packages/*", "apps/*", "bench"], { cwd: root })
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .sort();
  const packages = folders.map((folder) => {
    const file = read(`${folder}/package.json`);
    return {
      name: String(JSON.parse(file.text).name),
      folder,
      manifest: parseManifest(file),
      sources: find(`${folder}/{src,test,bin}/**/*.{ts,mts,js,mjs}`),
      declarations: find(`${folder}/dist/**/*.d.ts`),
    };
  });
  return { packages, tools: parseManifest(read("package.json")).devDependencies };
}

function parseManifest(file: SourceFile): Manifest {
  const content = JSON.parse(file.text);
  const names = (kind: string): ReadonlySet<string> => new Set(Object.keys(content[kind] ?? {}));
  return {
    file,
    dependencies: names("dependencies"),
    peerDependencies: names("peerDependencies"),
    optionalDependencies: names("optionalDependencies"),
    devDependencies: names("devDependencies"),
    isBlueprintPackage: content.dimos !== undefined || (content.keywords ?? []).includes("dimos-blueprints"),
  };
}

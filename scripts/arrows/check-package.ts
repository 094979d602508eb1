import { builtinModules } from "node:module";
import { dirname, join } from "node:path/posix";
import { arrowProblem } from "./arrows.ts";
import { type Import, importsOf, lineAt } from "./imports.ts";
import type { SourceFile, Workspace, WorkspacePackage } from "./workspace.ts";

export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const CORE = "@dimos/core";

/** Everything in one package that goes against the arrows: in its package.json, its sources and its built declarations. */
export function checkPackage(member: WorkspacePackage, workspace: Workspace): Violation[] {
  return [
    ...checkManifest(member, workspace),
    ...member.sources.flatMap((file) => checkFile(file, (found) => sourceProblem(found, file, member, workspace))),
    ...member.declarations.flatMap((file) => checkFile(file, (found) => declarationProblem(found, member))),
  ];
}

function checkManifest(member: WorkspacePackage, workspace: Workspace): Violation[] {
  const { file, dependencies, peerDependencies, optionalDependencies, devDependencies, isBlueprintPackage } =
    member.manifest;
  const named = [...dependencies, ...peerDependencies, ...optionalDependencies, ...devDependencies];
  const at = (name: string, message: string): Violation => ({
    file: file.path,
    line: lineAt(file.text, Math.max(0, file.text.indexOf(`"${name}"`))),
    message,
  });

  const violations = [...new Set(named)].flatMap((name) => {
    const problem = arrowTo(name, member, workspace);
    return problem === undefined ? [] : [at(name, problem)];
  });
  if (
    isBlueprintPackage &&
    member.folder.startsWith("apps/") &&
    (dependencies.has(CORE) || !peerDependencies.has(CORE))
  ) {
    violations.push(
      at(CORE, `${CORE} must be a peer dependency of a blueprint package, and no other kind that is installed`),
    );
  }
  return violations;
}

function checkFile(file: SourceFile, problemOf: (found: Import) => string | undefined): Violation[] {
  return importsOf(file.text).flatMap((found) => {
    const message = problemOf(found);
    return message === undefined ? [] : [{ file: file.path, line: found.line, message }];
  });
}

function sourceProblem(
  { specifier }: Import,
  file: SourceFile,
  member: WorkspacePackage,
  workspace: Workspace,
): string | undefined {
  if (specifier.startsWith(".")) {
    const inside = join(dirname(file.path), specifier).startsWith(`${member.folder}/`);
    return inside ? undefined : `"${specifier}" leaves the package: import it by its package name`;
  }
  const name = packageName(specifier);
  if (name === undefined || name === member.name) return undefined;
  const problem = arrowTo(name, member, workspace);
  if (problem !== undefined) return problem;
  if (isInstalledWith(member, name)) return undefined;
  const { devDependencies } = member.manifest;
  if (isTest(file) && (devDependencies.has(name) || workspace.tools.has(name))) return undefined;
  return devDependencies.has(name)
    ? `"${name}" is only a development dependency of ${member.name}, and this is no test`
    : `"${name}" is not a dependency of ${member.name}`;
}

function declarationProblem({ specifier }: Import, member: WorkspacePackage): string | undefined {
  const name = packageName(specifier);
  if (name === undefined || name === member.name || isInstalledWith(member, name)) return undefined;
  return `declarations of ${member.name} need "${name}", which is not among its dependencies or peer dependencies`;
}

function arrowTo(name: string, member: WorkspacePackage, workspace: Workspace): string | undefined {
  const target = workspace.packages.find((candidate) => candidate.name === name);
  return target === undefined ? undefined : arrowProblem(member, target);
}

function isInstalledWith({ manifest }: WorkspacePackage, name: string): boolean {
  return (
    manifest.dependencies.has(name) || manifest.peerDependencies.has(name) || manifest.optionalDependencies.has(name)
  );
}

/** `@acme/rover/patrol` → `@acme/rover`; `undefined` for relative paths, URLs, `#imports` and what Node itself brings. */
function packageName(specifier: string): string | undefined {
  if (/^[./#]|^\w+:/.test(specifier) || builtinModules.includes(specifier)) return undefined;
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}

function isTest({ path }: SourceFile): boolean {
  return /\.test\.[cm]?[jt]s$/.test(path) || /^[^/]+(\/[^/]+)?\/test\//.test(path);
}

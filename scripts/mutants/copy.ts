import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, lstatSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Copies the working tree of `root`, also what is not committed, to `target`, so that a job that is interrupted leaves
 * nothing wrong. Links between packages lead to the packages of the copy; third-party packages are those of `root`.
 */
export function copyWorkspace(root: string, target: string): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  for (const file of listed.toString("utf8").split("\0")) {
    if (file === "" || lstatSync(join(root, file), { throwIfNoEntry: false }) === undefined) continue;
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(root, file), join(target, file), { verbatimSymlinks: true });
  }
  for (const folder of ["node_modules", ...globSync("{packages/*,apps/*,bench}/node_modules", { cwd: root })])
    if (existsSync(join(target, dirname(folder)))) copyLinks(join(root, folder), join(target, folder));
  symlinkSync(join(root, "node_modules/.pnpm"), join(target, "node_modules/.pnpm"));
  // turbo sees what git ignores only in a repository.
  execFileSync("git", ["init", "--quiet"], { cwd: target });
}

/** What cannot be removed is no reason to lose what is known: a test that was killed leaves what it has mounted. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    console.error(`${path} is left: ${(error as Error).message}`);
  }
}

/** pnpm's links are relative: the same link in the copy leads to the copy. The packages themselves are not copied. */
function copyLinks(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path === from || !/[/\\]node_modules[/\\]\.(pnpm|modules|cache|vite|turbo)[^/\\]*$/.test(path),
  });
}

import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where Debian puts servers, which is not on everybody's path. */
const SYSTEM_DIRECTORIES = ["/usr/sbin", "/usr/bin", "/usr/local/bin"];

/** The path of a program of this machine, or undefined. */
export function findProgram(name: string): string | undefined {
  return programs(name)[0];
}

/** A Python that can import this module, or undefined: the one of the system may have what another has not. */
export function findPython(module: string): string | undefined {
  return programs("python3").find(
    (python) => spawnSync(python, ["-c", `import ${module}`], { stdio: "ignore" }).status === 0,
  );
}

function programs(name: string): string[] {
  const directories = new Set([...(process.env.PATH ?? "").split(delimiter), ...SYSTEM_DIRECTORIES]);
  return [...directories].map((directory) => join(directory, name)).filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

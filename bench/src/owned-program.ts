import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const RUNNER = fileURLToPath(new URL("./peers/owned-program.ts", import.meta.url));

export interface OwnedProgram extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly stderr: Readable;
}

/** A server that ends with the bench, however that ends. */
export function startOwnedProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): OwnedProgram {
  const child = fork(RUNNER, [program, ...args], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, ...env },
  });
  child.stderr?.resume();
  return {
    process: child,
    stderr: child.stderr as Readable,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, "exit");
    },
  };
}

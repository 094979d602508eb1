import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A peer that is not JavaScript: it gets one line, and answers with one line of JSON. */
export interface LineProcess extends AsyncDisposable {
  ask<T>(line: string): Promise<T>;
}

/** It says `ready` first. */
export async function startLineProcess(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<LineProcess> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`its process ended with ${child.signalCode ?? child.exitCode}`);
    return value as string;
  };
  await next();
  return {
    ask: async <T>(line: string) => {
      child.stdin.write(`${line}\n`);
      return JSON.parse(await next()) as T;
    },
    [Symbol.asyncDispose]: () => ended(child),
  };
}

/** The end of its input is what it ends by, with all processes that it started. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.end();
  await once(child, "exit");
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { ExitCode } from "../exit-codes.ts";

/** Ctrl-C reaches the child by itself, which would take a second one for "at once". */
const REACHES_CHILD = "SIGINT";

/** A program to become. */
export interface Program {
  readonly file: string;
  /** Without the program's own name. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Replaces this process by another program, in this terminal and with this process id. Where the system cannot, or this
 * Node, it runs as a child with the same terminal, and its exit code is returned.
 *
 * @param signal its reason is named like the signal that came for this process; passed on to a child
 * @param execve what replaces a process; undefined where nothing does
 */
export async function become(
  { file, args, cwd, env }: Program,
  signal: AbortSignal,
  execve: typeof process.execve | undefined,
): Promise<ExitCode> {
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  if (execve !== undefined) {
    process.chdir(cwd);
    // Node's remark that this is experimental is not for whoever restarts a robot.
    process.removeAllListeners("warning");
    execve.call(process, file, [file, ...args], env);
  }
  const child = spawn(file, args, { cwd, env, stdio: "inherit" });
  const passOn = () => {
    const name = (signal.reason as Error).message;
    if (name !== REACHES_CHILD) child.kill(name as NodeJS.Signals);
  };
  signal.addEventListener("abort", passOn);
  const [code, killedBy] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  signal.removeEventListener("abort", passOn);
  return (code ?? 128 + constants.signals[killedBy as NodeJS.Signals]) as ExitCode;
}

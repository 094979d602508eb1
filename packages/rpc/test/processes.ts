import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Endpoint } from "../src/index.ts";

export interface ServerProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  readonly endpoint: Endpoint;
}

export interface ServerProcessOptions {
  /** Serves these too. */
  readonly also?: readonly Endpoint[];
  /** `ulimit -n` of the process. */
  readonly openFiles?: number;
}

export async function startServerProcess(
  endpoint: Endpoint,
  { also = [], openFiles }: ServerProcessOptions = {},
): Promise<ServerProcess> {
  const program = fileURLToPath(new URL("./server-process.ts", import.meta.url));
  const execArgv = ["--unhandled-rejections=strict", "--expose-gc"];
  const limited = ["-c", `ulimit -n ${openFiles}; exec "$0" "$@"`, process.execPath];
  const child =
    openFiles === undefined
      ? fork(program, [endpoint, ...also], { execArgv })
      : fork(program, [endpoint, ...also], { execPath: "/bin/sh", execArgv: [...limited, ...execArgv] });
  const [served] = (await once(child, "message")) as [[Endpoint, ...Endpoint[]]];
  return {
    child,
    endpoints: served,
    endpoint: served[0],
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

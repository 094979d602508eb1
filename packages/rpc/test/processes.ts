import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Endpoint } from "../src/index.ts";

export interface ServerProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly endpoint: Endpoint;
}

export async function startServerProcess(endpoint: Endpoint): Promise<ServerProcess> {
  const program = fileURLToPath(new URL("./server-process.ts", import.meta.url));
  const child = fork(program, [endpoint], { execArgv: ["--unhandled-rejections=strict", "--expose-gc"] });
  const [served] = (await once(child, "message")) as [Endpoint];
  return {
    child,
    endpoint: served,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Another program that runs `StressTest`. */
export class ServerProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly runId: string;

  private constructor(child: ChildProcess, runId: string) {
    this.child = child;
    this.runId = runId;
  }

  static async start(name = "server"): Promise<ServerProcess> {
    const program = fileURLToPath(new URL("./programs/server.ts", import.meta.url));
    const child = spawn(process.execPath, ["--conditions=@dimos/source", program, name], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [chunk] = await Promise.race([once(child.stdout as NodeJS.ReadableStream, "data"), once(child, "exit")]);
    const runId = /ready (\S+)/.exec(String(chunk))?.[1];
    if (runId === undefined) throw new Error(`The server did not start: ${chunk}`);
    return new ServerProcess(child, runId);
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.stdin?.end();
    await once(this.child, "exit");
  }
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { SharingReport } from "../programs/sharing.ts";

const PROGRAM = fileURLToPath(new URL("../programs/sharing.ts", import.meta.url));

/** A process that publishes or receives through shared memory. */
export class Sharing implements AsyncDisposable {
  readonly name: string;
  readonly #child: ChildProcess;
  report: SharingReport = { count: 0, heldUpMs: 0, logged: [] };

  constructor(role: "publish" | "all" | "latest", path: string) {
    this.name = role;
    this.#child = fork(PROGRAM, [role, path], { execArgv: ["--conditions=@dimos/source"] });
    this.#child.on("message", (report) => {
      this.report = report as SharingReport;
    });
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** How it has ended, if it has. */
  get end(): string | number | null {
    return this.#child.signalCode ?? this.#child.exitCode;
  }

  /** To "again", a subscriber subscribes once more; "forget" forgets how long it was held up. */
  ask(what: "again" | "forget"): void {
    if (this.end === null) this.#child.send(what);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.end !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }
}

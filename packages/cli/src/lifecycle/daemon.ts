import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive, limitOutput, type RunEntry, RunRegistry, stateDirectory } from "@dimos/core/runs";
import { type DaemonMessage, OUTPUT_VARIABLE, STARTER_VARIABLE } from "./daemon-link.ts";

/** This process as the daemon that another `dimos run --daemon` waits for. */
export class Daemon {
  /** Aborted when the starter is gone before the run is up: then nobody wants it. */
  readonly abandoned: AbortSignal;
  #output: string | undefined;

  private constructor(output: string | undefined) {
    this.#output = output;
    const controller = new AbortController();
    this.abandoned = controller.signal;
    process.once("disconnect", () => controller.abort(new Error("The command that started this daemon is gone")));
  }

  /** Undefined in the process that people start. Takes the marks of a daemon out of the environment. */
  static here(env: NodeJS.ProcessEnv): Daemon | undefined {
    const { [STARTER_VARIABLE]: starter, [OUTPUT_VARIABLE]: output } = env;
    delete env[STARTER_VARIABLE];
    delete env[OUTPUT_VARIABLE];
    return starter === String(process.ppid) && process.connected ? new Daemon(output) : undefined;
  }

  progress(text: string): void {
    void this.#tell({ type: "progress", text, log: this.#keepOutput()?.logDirectory });
  }

  async ready(summary: string): Promise<void> {
    const run = this.#keepOutput();
    if (run === undefined) throw new Error("The run is not in the registry");
    process.removeAllListeners("disconnect");
    const { runId, name, pid, logDirectory } = run;
    await this.#tell({ type: "ready", run: { runId, name, pid, logDirectory }, summary });
  }

  async failed(error: string, exitCode: number): Promise<void> {
    const log = this.#keepOutput()?.logDirectory;
    if (this.#output !== undefined) rmSync(this.#output, { force: true });
    if (log !== undefined) await this.#tell({ type: "progress", text: "", log });
    await this.#tell({ type: "failed", error, exitCode });
    if (process.connected) process.disconnect();
  }

  /** Moves what this process prints to the run's log, as soon as there is one. */
  #keepOutput(): RunEntry | undefined {
    const run = ownRun();
    if (run === undefined || this.#output === undefined) return run;
    const path = join(run.logDirectory, "output.log");
    renameSync(this.#output, path);
    this.#output = undefined;
    limitOutput({ path, runId: run.runId });
    return run;
  }

  #tell(message: DaemonMessage): Promise<void> {
    return new Promise((resolve) => {
      if (process.connected) process.send?.(message, () => resolve());
      else resolve();
    });
  }
}

/** The newest run that this process has recorded. Told by what never jumps: the clock may be set while the run starts. */
function ownRun(): RunEntry | undefined {
  const { entries } = new RunRegistry(stateDirectory(process.env)).list();
  return entries.findLast((run) => run.pid === process.pid && isAlive(run));
}

import { FileError, LoadAbortedError } from "../errors.ts";
import { fileFault } from "../file-fault.ts";
import { identifyProcess } from "../runs/process-identity.ts";
import type { RunEntry, RunState } from "../runs/run-entry.ts";
import type { RunRegistry } from "../runs/run-registry.ts";
import { ESTOP_VARIABLE, type EstopState } from "../safety/estop-state.ts";
import { workingDirectory } from "../working-directory.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Exit codes of programs that a signal ends. */
const SIGNALS: ReadonlyMap<number, NodeJS.Signals> = new Map([
  [129, "SIGHUP"],
  [130, "SIGINT"],
  [143, "SIGTERM"],
]);

/** What is known of a run before it starts. */
export type RunPlan = Pick<RunEntry, "runId" | "name" | "blueprints" | "config" | "endpoint" | "logDirectory">;

/** A run's own file in the registry: there from before its workers start, to after its end. */
export class RunRecord {
  readonly #registry: RunRegistry;
  readonly #onError: (error: unknown) => void;
  #entry: RunEntry;

  /**
   * @param onError the file cannot be written later on: a full disk neither ends a run nor keeps it from ending
   */
  constructor(registry: RunRegistry, plan: RunPlan, env: Environment, onError: (error: unknown) => void) {
    this.#registry = registry;
    this.#onError = onError;
    this.#entry = {
      ...plan,
      ...identifyProcess(process.pid),
      state: "starting",
      startedAt: Date.now(),
      argv: process.argv.slice(1),
      cwd: workingDirectory(),
      execPath: process.execPath,
      execArgv: process.execArgv,
      env: dimosEnvironment(env),
    };
    try {
      registry.prune();
      registry.write(this.#entry);
    } catch (error) {
      throw new FileError(`The run cannot be recorded in ${registry.directory}: ${fileFault(error)}`, error);
    }
    watchExit(this.#leave);
  }

  get entry(): RunEntry {
    return this.#entry;
  }

  listensAt(tcpEndpoint: string): void {
    this.#write({ ...this.#entry, tcpEndpoint });
  }

  estop(estop: EstopState): void {
    this.#write({ ...this.#entry, estop });
  }

  enter(state: RunState): void {
    this.#write({ ...this.#entry, state });
  }

  end(state: "stopped" | "failed", reason: string): void {
    unwatchExit(this.#leave);
    this.#write({ ...this.#entry, state, endedAt: Date.now(), exit: { reason } });
  }

  /** The program ends before its run: nobody else can say why. */
  readonly #leave = (code: number): void => {
    const signal = SIGNALS.get(code);
    if (signal !== undefined) this.end("stopped", `ended at once by a second signal (${signal})`);
    else this.end("failed", `its program exited with code ${code} before the run was stopped`);
  };

  #write(entry: RunEntry): void {
    this.#entry = entry;
    try {
      this.#registry.write(entry);
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** Each run brings the room for its own listener: Node warns of more than ten, and a program may have more runs. */
function watchExit(listener: (code: number) => void): void {
  const limit = process.getMaxListeners();
  if (limit > 0) process.setMaxListeners(limit + 1);
  process.on("exit", listener);
}

function unwatchExit(listener: (code: number) => void): void {
  if (!process.listeners("exit").includes(listener)) return;
  process.off("exit", listener);
  const limit = process.getMaxListeners();
  if (limit > 1) process.setMaxListeners(limit - 1);
}

/** How a run ends whose first load failed; one that was interrupted has not crashed. */
export function endOfStart(error: unknown): { readonly state: "stopped" | "failed"; readonly reason: string } {
  if (!(error instanceof LoadAbortedError)) return { state: "failed", reason: messageOf(error) };
  const { cause } = error;
  if (cause instanceof Error && cause.name === "TimeoutError")
    return { state: "failed", reason: "it was not up in time, and the start was given up" };
  return {
    state: "stopped",
    reason: `interrupted while starting${cause === undefined ? "" : `: ${messageOf(cause)}`}`,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a later restart begins with is what is latched by then. */
function dimosEnvironment(env: Environment): Record<string, string> {
  const own = Object.entries(env).filter(
    (pair): pair is [string, string] =>
      pair[0].startsWith("DIMOS_") && pair[0] !== ESTOP_VARIABLE && pair[1] !== undefined,
  );
  return Object.fromEntries(own);
}

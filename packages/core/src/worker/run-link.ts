import type { RemoteCoordinator } from "../control/remote-coordinator.ts";
import type { Logger } from "../log/logger.ts";
import type { ModuleDescription } from "../module/description.ts";
import type { ModuleRun, RunCallOptions, RunSettings } from "../module/module-run.ts";
import type { WorkerSafety } from "./worker-safety.ts";

export interface RunLinkOptions {
  /** The run's control endpoint. */
  readonly endpoint: string;
  readonly runId: string;
  readonly settings: RunSettings;
  readonly log: Logger;
  /** What the skill that calls may lend. */
  readonly safety: WorkerSafety;
}

/** A worker's connection to the run it belongs to, for modules that look at others. Opened when one first does. */
export class RunLink implements AsyncDisposable {
  readonly #options: RunLinkOptions;
  #coordinator: Promise<RemoteCoordinator> | undefined;

  constructor(options: RunLinkOptions) {
    this.#options = options;
  }

  /** What one module is given; nothing of it outlives `signal`. */
  forModule(signal: AbortSignal): ModuleRun {
    const { runId, settings } = this.#options;
    return {
      runId,
      settings,
      listModules: async () => (await this.#connected()).listModules(),
      call: async (instance, method, args = [], options = {}) => {
        const { safety } = this.#options;
        const lent = safety.scope;
        const run = await this.#connected();
        const known = callOptions(safety.endWithCaller(options), run.descriptionOf(instance), method, signal);
        return run.call(instance, method, args, known, lent?.lease);
      },
      estop: async (reason) => (await this.#connected()).estop(reason),
      answering: () => this.#options.safety.scope?.context,
      on: async (name, listener) => {
        const run = await this.#connected();
        const off = run.on(name, listener);
        if (signal.aborted) off();
        signal.addEventListener("abort", off, { once: true });
        return off;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const run = await this.#coordinator?.catch(() => undefined);
    await run?.[Symbol.asyncDispose]();
  }

  #connected(): Promise<RemoteCoordinator> {
    this.#coordinator ??= this.#connect();
    return this.#coordinator;
  }

  async #connect(): Promise<RemoteCoordinator> {
    const { endpoint, log } = this.#options;
    try {
      // Most workers never need it.
      const { RemoteCoordinator: Coordinator } = await import("../control/remote-coordinator.ts");
      const onError = (error: unknown) => log.error("A listener of run events failed", { err: error });
      return await Coordinator.connect(endpoint, { onError });
    } catch (error) {
      this.#coordinator = undefined;
      throw error;
    }
  }
}

function callOptions(
  options: RunCallOptions,
  description: ModuleDescription | undefined,
  method: string,
  stopping: AbortSignal,
): RunCallOptions {
  const methods = [...(description?.skills ?? []), ...(description?.rpcs ?? [])];
  const idleTimeoutMs = options.idleTimeoutMs ?? methods.find(({ name }) => name === method)?.timeoutMs;
  const signal = options.signal === undefined ? stopping : AbortSignal.any([options.signal, stopping]);
  return {
    ...options,
    signal,
    ...(idleTimeoutMs === undefined || options.timeoutMs !== undefined ? {} : { idleTimeoutMs }),
  };
}

import { CallTimeoutError, ConnectionLostError, didYouMean } from "@dimos/rpc";
import { NoSuchModuleError } from "../errors.ts";
import { Connections } from "../worker/connections.ts";
import { withDeadline } from "../worker/deadline.ts";
import { explainLoss } from "../worker/explain-loss.ts";
import { InProcessWorker } from "../worker/in-process-worker.ts";
import { type BegunCall, callLocal, DEFAULT_CALL_TIMEOUT_MS } from "../worker/local-call.ts";
import { describeExit, type Worker } from "../worker/worker.ts";
import type { Deployment } from "./deployment.ts";
import type { RunningModule } from "./running-module.ts";

/** Calls modules where they run now; those of a module that is being replaced wait until that is over. */
export class ModuleCalls implements AsyncDisposable {
  readonly #deployment: Deployment;
  readonly #connections = new Connections();
  readonly #replacements = new Map<string, Promise<void>>();

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
  }

  /** From here on calls of this module wait, until the function that is returned is called. */
  pause(instance: string): () => void {
    const over = Promise.withResolvers<void>();
    this.#replacements.set(instance, over.promise);
    return () => {
      if (this.#replacements.get(instance) === over.promise) this.#replacements.delete(instance);
      over.resolve();
    };
  }

  async call(instance: string, method: string, args: readonly unknown[], given: BegunCall = {}): Promise<unknown> {
    const name = `${instance}.${method}`;
    let options = given;
    const replacement = this.#replacements.get(instance);
    if (replacement !== undefined) {
      const { idleTimeoutMs = DEFAULT_CALL_TIMEOUT_MS, timeoutMs = idleTimeoutMs, signal } = options;
      const beganMs = performance.now();
      await withDeadline(replacement, { timeoutMs, signal }, () => new CallTimeoutError(name, timeoutMs));
      options = { ...given, waitedMs: performance.now() - beganMs };
    }
    const worker = this.#workerOf(instance);
    if (worker instanceof InProcessWorker) return callLocal(worker.methods, name, args, options);
    try {
      return await this.#connections.call(this.#deployment.pool.rpcEndpoint(worker.name), name, args, options);
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error;
      const end = worker.exited.then((exit) => ({ worker: worker.name, reason: describeExit(exit) }));
      throw await explainLoss(error, end);
    }
  }

  /** Endpoint of the rpc server of a module's worker. */
  async endpointOf(instance: string): Promise<string> {
    await this.#replacements.get(instance);
    return this.#deployment.pool.rpcEndpoint(this.#workerOf(instance).name);
  }

  /** Throws for a name that no module has. */
  running(instance: string): RunningModule {
    const { modules } = this.#deployment;
    const module = modules.get(instance);
    if (module !== undefined) return module;
    throw new NoSuchModuleError(`No module named "${instance}".${didYouMean(instance, modules.keys())}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connections[Symbol.asyncDispose]();
  }

  #workerOf(instance: string): Worker {
    const module = this.running(instance);
    const worker = this.#deployment.pool.get(module.worker);
    if (worker !== undefined) return worker;
    throw new NoSuchModuleError(`${instance} is down (${module.state}): its worker ${module.worker} has ended`);
  }
}

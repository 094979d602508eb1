import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionLostError, didYouMean } from "@dimos/rpc";
import { NoSuchModuleError } from "../errors.ts";
import { callOnceBegun } from "../worker/call-once-begun.ts";
import { Connections, NotSent } from "../worker/connections.ts";
import { explainLoss } from "../worker/explain-loss.ts";
import { InProcessWorker } from "../worker/in-process-worker.ts";
import { type BegunCall, callLocal } from "../worker/local-call.ts";
import { describeExit, type Worker } from "../worker/worker.ts";
import type { Deployment } from "./deployment.ts";
import type { RunningModule } from "./running-module.ts";

/** A call that was refused just before its module was replaced tries again after this. */
const AGAIN_MS = 20;

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
    let tried: Worker | undefined;
    const attempt = async (left: BegunCall) => {
      if (this.#replacements.has(instance)) throw NoSuchModuleError.replaced(instance);
      tried = this.#workerOf(instance);
      return this.#callOn(tried, name, args, left);
    };
    return callOnceBegun(name, given, attempt, (error) => {
      if (NoSuchModuleError.isReplaced(error, instance)) return this.#replacements.get(instance) ?? sleep(AGAIN_MS);
      const isMoved = error instanceof NotSent && this.#deployment.modules.get(instance)?.worker !== tried?.name;
      return isMoved && Promise.resolve();
    });
  }

  /** No module is on this worker any more: lets go of it. */
  async leave(worker: string): Promise<void> {
    await this.#connections.leave(await this.#deployment.pool.rpcEndpoint(worker));
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

  async #callOn(worker: Worker, name: string, args: readonly unknown[], options: BegunCall): Promise<unknown> {
    if (worker instanceof InProcessWorker) return callLocal(worker.methods, name, args, options);
    try {
      return await this.#connections.call(this.#deployment.pool.rpcEndpoint(worker.name), name, args, options);
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error;
      const end = worker.exited.then((exit) => ({ worker: worker.name, reason: describeExit(exit) }));
      throw await explainLoss(error, end);
    }
  }

  #workerOf(instance: string): Worker {
    const module = this.running(instance);
    const worker = this.#deployment.pool.get(module.worker);
    if (worker !== undefined && module.state === "failed")
      throw new NoSuchModuleError(`${instance} is down (failed). Restart it`);
    if (worker !== undefined) return worker;
    throw new NoSuchModuleError(`${instance} is down (${module.state}): its worker ${module.worker} has ended`);
  }
}

import { ConnectionLostError, type RpcMethods } from "@dimos/rpc";
import { ModuleDisabledError, NoSuchModuleError } from "../errors.ts";
import { callOnceBegun } from "./call-once-begun.ts";
import { Connections, NotSent } from "./connections.ts";
import { explainLoss } from "./explain-loss.ts";
import { type BegunCall, callLocal } from "./local-call.ts";
import type { RefTargetAddress, WorkerEnded } from "./messages.ts";
import { type ModuleTarget, Reference, rejectingProxy } from "./reference.ts";
import { type WorkerEnd, WorkerEnds } from "./worker-ends.ts";
import type { WorkerSafety } from "./worker-safety.ts";

/** Makes what `this.<ref>` is: a proxy that calls the other module wherever it runs, also when it is kept in a variable. */
export class RefFactory {
  readonly #local: RpcMethods;
  readonly #safety: WorkerSafety;
  readonly #connections = new Connections();
  /** By the instance that refers, then by the reference's name. */
  readonly #references = new Map<string, Map<string, Reference>>();
  /** By endpoint. */
  readonly #ends = new WorkerEnds();
  /** Of modules that have not come back since. */
  readonly #lost = new Map<string, WorkerEnd>();

  constructor(local: RpcMethods, safety: WorkerSafety) {
    this.#local = local;
    this.#safety = safety;
  }

  /** What the reference is from now on. The same proxy as before, as long as it may stand for a module. */
  point(instance: string, ref: string, target: RefTargetAddress): unknown {
    if (target.kind === "disabled") {
      const reject = () => Promise.reject(new ModuleDisabledError(instance, ref, target.instances));
      return rejectingProxy(`${instance}.${ref}`, reject);
    }
    if (target.kind === "module") this.#lost.delete(target.instance);
    const reference = this.#reference(instance, ref);
    reference.point(target);
    this.#leaveOthers();
    return target.kind === "absent" ? undefined : reference.proxy;
  }

  /** The module that refers is gone. */
  forget(instance: string): void {
    this.#references.delete(instance);
    this.#leaveOthers();
  }

  /** Calls of modules that ran there say so from now on, until their references point elsewhere. */
  workerEnded({ worker, reason, instances }: WorkerEnded, endpoint: string): void {
    this.#ends.add(endpoint, { worker, reason });
    for (const instance of instances) this.#lost.set(instance, { worker, reason });
  }

  async close(): Promise<void> {
    await this.#connections[Symbol.asyncDispose]();
  }

  #reference(instance: string, ref: string): Reference {
    const references = this.#references.get(instance) ?? new Map<string, Reference>();
    this.#references.set(instance, references);
    let reference = references.get(ref);
    if (reference === undefined) {
      const made = new Reference(`${instance}.${ref}`, {
        call: (method, args, options) => this.#callUntilThere(made, method, args, options),
        askThrough: (options) => this.#safety.askThrough(options),
        endWithCaller: (options) => this.#safety.endWithCaller(options),
        gone: (name) => NoSuchModuleError.gone(name, this.#lost.get(name)),
      });
      reference = made;
      references.set(ref, reference);
    }
    return reference;
  }

  #callUntilThere(
    reference: Reference,
    method: string,
    args: readonly unknown[],
    options: BegunCall,
  ): Promise<unknown> {
    let tried = reference.module();
    let notSentTo: string | undefined;
    const { instance } = tried;
    const attempt = async (left: BegunCall) => {
      tried = reference.module();
      return this.#call(tried, method, args, left);
    };
    return callOnceBegun(`${instance}.${method}`, options, attempt, (error) => {
      if (NoSuchModuleError.isReplaced(error, instance)) return reference.pointedElsewhere(tried);
      if (!(error instanceof NotSent)) return false;
      const { endpoint } = tried;
      // A connection that was just closed is opened again; one that cannot be opened belongs to a worker that has ended.
      if (endpoint !== notSentTo) {
        notSentTo = endpoint;
        return Promise.resolve();
      }
      const lost = explainLoss(error.cause, this.#ends.of(endpoint as string), instance);
      return Promise.race([
        reference.pointedElsewhere(tried),
        lost.then((explained) => {
          throw explained;
        }),
      ]);
    });
  }

  async #call(target: ModuleTarget, method: string, args: readonly unknown[], options: BegunCall): Promise<unknown> {
    const { instance, endpoint } = target;
    const name = `${instance}.${method}`;
    if (endpoint === undefined) return callLocal(this.#local, name, args, options);
    try {
      return await this.#connections.call(endpoint, name, args, options, this.#safety.scope?.lease);
    } catch (error) {
      throw error instanceof ConnectionLostError ? await explainLoss(error, this.#ends.of(endpoint), instance) : error;
    }
  }

  /** A worker that ends waits until nobody is connected to it any more. */
  #leaveOthers(): void {
    const references = [...this.#references.values()].flatMap((of) => [...of.values()]);
    this.#connections.keep(new Set(references.map((reference) => reference.endpoint)));
  }
}

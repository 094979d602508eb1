import { ConnectionLostError, createProxy, type RpcMethods } from "@dimos/rpc";
import { ModuleDisabledError, NoSuchModuleError } from "../errors.ts";
import type { CallOptions } from "../module/methods.ts";
import type { RunCallOptions } from "../module/module-run.ts";
import { Connections } from "./connections.ts";
import { explainLoss } from "./explain-loss.ts";
import { READ } from "./expose.ts";
import { callLocal } from "./local-call.ts";
import type { RefTargetAddress, WorkerEnded } from "./messages.ts";
import { type WorkerEnd, WorkerEnds } from "./worker-ends.ts";
import type { WorkerSafety } from "./worker-safety.ts";

/** Makes what `this.<ref>` is: a proxy that calls the other module wherever it runs. */
export class RefFactory {
  readonly #local: RpcMethods;
  readonly #safety: WorkerSafety;
  readonly #connections = new Connections();
  /** By endpoint. */
  readonly #ends = new WorkerEnds();
  /** Of modules that have not come back since. */
  readonly #lost = new Map<string, WorkerEnd>();

  constructor(local: RpcMethods, safety: WorkerSafety) {
    this.#local = local;
    this.#safety = safety;
  }

  create(instance: string, ref: string, target: RefTargetAddress): unknown {
    switch (target.kind) {
      case "absent":
        return undefined;
      case "disabled": {
        const reject = () => Promise.reject(new ModuleDisabledError(instance, ref, target.instances));
        return rejectingProxy(`${instance}.${ref}`, reject);
      }
      case "gone":
        return rejectingProxy(`${instance}.${ref}`, () =>
          Promise.reject(NoSuchModuleError.gone(target.instance, this.#lost.get(target.instance))),
        );
      case "module":
        this.#lost.delete(target.instance);
        return this.#moduleProxy(target);
      default:
        throw new TypeError(`Unknown reference target ${(target satisfies never as { kind: string }).kind}`);
    }
  }

  /** Calls of modules that ran there say so from now on, until their references point elsewhere. */
  workerEnded({ worker, reason, instances }: WorkerEnded, endpoint: string): void {
    this.#ends.add(endpoint, { worker, reason });
    for (const instance of instances) this.#lost.set(instance, { worker, reason });
  }

  async close(): Promise<void> {
    await this.#connections[Symbol.asyncDispose]();
  }

  #moduleProxy(target: ModuleTarget): unknown {
    const methods = new Map(target.methods.map((method) => [method.name, method]));
    return createProxy({
      name: target.instance,
      methods: () => [...methods.keys()],
      call: (name, args) => {
        const { kind, timeoutMs } = methods.get(name) ?? { kind: "rpc", timeoutMs: undefined };
        const deadline = timeoutMs === undefined ? {} : { idleTimeoutMs: timeoutMs };
        if (kind === "rpc") return this.#call(target, name, args, this.#safety.askThrough(deadline));
        const [input, given] = args as readonly [unknown, CallOptions | undefined];
        return this.#call(target, name, [input ?? {}], this.#safety.endWithCaller({ ...deadline, ...given }));
      },
      read: (path) => this.#call(target, READ, [path], {}),
    });
  }

  async #call(
    target: ModuleTarget,
    method: string,
    args: readonly unknown[],
    options: RunCallOptions,
  ): Promise<unknown> {
    const { instance, endpoint } = target;
    const name = `${instance}.${method}`;
    if (endpoint === undefined) return callLocal(this.#local, name, args, options);
    try {
      return await this.#connections.call(endpoint, name, args, options, this.#safety.scope?.lease);
    } catch (error) {
      throw error instanceof ConnectionLostError ? await explainLoss(error, this.#ends.of(endpoint), instance) : error;
    }
  }
}

type ModuleTarget = RefTargetAddress & { readonly kind: "module" };

/** Stands for a module that cannot be called; whatever is tried with it rejects with the reason. */
function rejectingProxy(name: string, reject: () => Promise<never>): unknown {
  return createProxy({ name, methods: () => [], call: reject, read: reject, callPath: reject });
}

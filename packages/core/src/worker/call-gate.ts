import { setTimeout as sleep } from "node:timers/promises";
import type { RpcHandler } from "@dimos/rpc";
import { NoSuchModuleError } from "../errors.ts";

/** Before all calls of one instance: refuses them while it is replaced, and ends those that are under way with it. */
export class CallGate {
  readonly #instance: string;
  /** Ends each call that is under way. */
  readonly #underWay = new Set<(error: (method: string) => Error) => void>();
  #idle = Promise.withResolvers<void>();
  #isShut: boolean;

  /** @param isShut the instance has not started, and takes the place of one whose callers wait */
  constructor(instance: string, isShut: boolean) {
    this.#instance = instance;
    this.#isShut = isShut;
  }

  /** Puts the gate before what is offered of the instance. */
  guard(methods: Map<string, RpcHandler>): void {
    for (const [name, handler] of methods) {
      if (name.slice(0, name.lastIndexOf(".")) === this.#instance) methods.set(name, this.#guarded(name, handler));
    }
  }

  /** Refuses calls from now on, before they begin, in a way that makes their callers wait. */
  shut(): void {
    this.#isShut = true;
  }

  open(): void {
    this.#isShut = false;
  }

  /** Ends calls that are still under way after `patienceMs`. */
  async end(error: (method: string) => Error, patienceMs: number): Promise<void> {
    if (this.#underWay.size > 0) {
      const late = new AbortController();
      const patience = sleep(patienceMs, undefined, { signal: late.signal }).catch(() => undefined);
      await Promise.race([this.#idle.promise, patience]);
      late.abort();
    }
    for (const end of this.#underWay) end(error);
  }

  #guarded(name: string, handler: RpcHandler): RpcHandler {
    return (args, context) => {
      if (this.#isShut) throw NoSuchModuleError.replaced(this.#instance);
      const result = handler(args, context);
      return result instanceof Promise ? this.#watched(name, result) : result;
    };
  }

  #watched(name: string, result: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const end = (error: (method: string) => Error) => {
        leave();
        reject(error(name));
      };
      const leave = () => {
        if (!this.#underWay.delete(end) || this.#underWay.size > 0) return;
        this.#idle.resolve();
        this.#idle = Promise.withResolvers();
      };
      this.#underWay.add(end);
      result.then(
        (value) => {
          leave();
          resolve(value);
        },
        (error: unknown) => {
          leave();
          reject(error);
        },
      );
    });
  }
}

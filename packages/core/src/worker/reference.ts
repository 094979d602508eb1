import { createProxy } from "@dimos/rpc";
import type { RunCallOptions } from "../module/module-run.ts";
import { READ } from "./expose.ts";
import type { RefTargetAddress } from "./messages.ts";

export type ModuleTarget = RefTargetAddress & { readonly kind: "module" };
type Target = Exclude<RefTargetAddress, { readonly kind: "disabled" }>;

interface ReferenceServices {
  /** Calls the module that the reference points to. */
  call(method: string, args: readonly unknown[], options: RunCallOptions): Promise<unknown>;
  /** Where a method down there asks for signs of life, the caller up here is asked. */
  askThrough(options: RunCallOptions): RunCallOptions;
  /** The same, and the call ends with that of its caller. */
  endWithCaller(options: RunCallOptions): RunCallOptions;
  /** Why a module cannot be called. */
  gone(instance: string): Error;
}

/** One reference of one module: a proxy that stays the same, and what it points to, which changes. */
export class Reference {
  readonly proxy: unknown;
  readonly #name: string;
  readonly #services: ReferenceServices;
  /** The module it points to, or pointed to last. */
  #module: ModuleTarget | undefined;
  #target: Target = { kind: "absent" };
  #changed = Promise.withResolvers<void>();

  constructor(name: string, services: ReferenceServices) {
    this.#name = name;
    this.#services = services;
    this.proxy = this.#makeProxy();
  }

  /** The endpoint of the worker that is called. */
  get endpoint(): string | undefined {
    return this.#target.kind === "module" ? this.#target.endpoint : undefined;
  }

  /** Throws while there is none. */
  module(): ModuleTarget {
    if (this.#target.kind === "module") return this.#target;
    const instance = this.#target.kind === "gone" ? this.#target.instance : this.#module?.instance;
    throw this.#services.gone(instance ?? this.#name);
  }

  point(target: Target): void {
    this.#target = target;
    if (target.kind === "module") this.#module = target;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Settles when the reference has been pointed somewhere since it pointed to `before`, be it to the same place. */
  async pointedElsewhere(before: ModuleTarget): Promise<void> {
    if (this.#target === before) await this.#changed.promise;
  }

  #makeProxy(): unknown {
    const name = () => this.#module?.instance ?? this.#name;
    const refuse = async (): Promise<never> => {
      throw this.#services.gone(name());
    };
    const isGone = () => this.#target.kind !== "module";
    return createProxy({
      get name() {
        return name();
      },
      // Those of before are still functions, for those who kept the reference.
      methods: () => this.#module?.methods.map((method) => method.name) ?? [],
      call: (method, args) => this.#call(method, args),
      read: async (path) => this.#services.call(READ, [path], {}),
      // An undeclared name can be refused as such only where there is a module.
      get callPath() {
        return isGone() ? refuse : (undefined as never);
      },
    });
  }

  async #call(method: string, args: readonly unknown[]): Promise<unknown> {
    const address = this.module().methods.find((declared) => declared.name === method);
    const declared = address?.timeoutMs === undefined ? {} : { idleTimeoutMs: address.timeoutMs };
    if (address?.kind !== "skill") return this.#services.call(method, args, this.#services.askThrough(declared));
    const [input, given] = args as readonly [unknown, RunCallOptions | undefined];
    // A deadline that the caller gives is a bound of its own.
    const options = { ...(given?.timeoutMs === undefined ? declared : {}), ...given };
    return this.#services.call(method, [input ?? {}], this.#services.endWithCaller(options));
  }
}

/** Stands for a module that cannot be called; whatever is tried with it rejects with the reason. */
export function rejectingProxy(name: string, reject: () => Promise<never>): unknown {
  return createProxy({ name, methods: () => [], call: reject, read: reject, callPath: reject });
}

import type { BlueprintRegistry } from "@dimos/blueprints";
import { isModuleClass, type ModuleClass, type ModuleStatus } from "@dimos/core";
import { InvalidArgumentError } from "@dimos/rpc";
import { NotRunningError, UnknownModuleError } from "./errors.ts";
import { moduleHandle } from "./module-handle.ts";
import type { System } from "./system.ts";

/** How programs name a module: by instance name, by class, or by a handle they have. */
export type ModuleName = string | ModuleClass | object;

/** Finds the modules of a system for a program, and says what to do when there is none. */
export class ModuleLookup {
  readonly #system: System;
  readonly #registry: () => BlueprintRegistry;
  readonly #debugCalls: boolean;
  readonly #handles = new WeakMap<object, string>();

  constructor(system: System, registry: () => BlueprintRegistry, debugCalls: boolean) {
    this.#system = system;
    this.#registry = registry;
    this.#debugCalls = debugCalls;
  }

  /** A handle to a running module; one that only the registry knows is not running. */
  find(instance: string): object {
    const known = this.#names();
    if (known.includes(instance)) return this.handle(instance);
    if (known.length === 0) throw this.#system.lost ?? new NotRunningError();
    const offered = this.#registry()
      .list()
      .find((entry) => entry.kind === "module" && entry.name === instance);
    if (offered === undefined) throw new UnknownModuleError(instance, known);
    throw new NotRunningError(
      `${instance} exists but is not running. Start it with app.run("${offered.qualifiedName}") or add it to your blueprint.`,
    );
  }

  handle(instance: string): object {
    const handle = moduleHandle(instance, this.#system, this.#debugCalls) as object;
    this.#handles.set(handle, instance);
    return handle;
  }

  /** The instance name that is meant. */
  nameOf(module: ModuleName): string {
    if (typeof module === "string") return module;
    const named = this.#handles.get(module);
    if (named !== undefined) return named;
    if (!isModuleClass(module))
      throw new InvalidArgumentError("a module", "given by its name, its class or a handle to it", module);
    const className = module.name;
    const found = this.#system.listModules().filter(({ description }) => description.className === className);
    const [first] = found;
    if (first === undefined) throw new UnknownModuleError(className, this.#names());
    if (found.length === 1) return first.instance;
    const names = found.map(({ instance }) => instance).join(", ");
    throw new UnknownModuleError(`${className} (several run: ${names}; choose by name)`, []);
  }

  statusOf(module: ModuleName): ModuleStatus {
    const name = this.nameOf(module);
    const found = this.#system.listModules().find(({ instance }) => instance === name);
    if (found === undefined) throw new UnknownModuleError(name, this.#names());
    return found;
  }

  #names(): string[] {
    return this.#system.listModules().map(({ instance }) => instance);
  }
}

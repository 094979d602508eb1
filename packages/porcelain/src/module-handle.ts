import { CALL_PATH, type ModuleDescription, READ, type RunCallOptions } from "@dimos/core";
import { checkCallOptions, createProxy, type Remote } from "@dimos/rpc";
import { NotRunningError } from "./errors.ts";
import type { System } from "./system.ts";

/** A handle by instance name. It looks the module up at each use, and so outlives restarts. */
export function moduleHandle<T>(instance: string, system: System, debugCalls: boolean): Remote<T> {
  const description = () => {
    const found = system.descriptionOf(instance);
    if (found === undefined) throw system.lost ?? new NotRunningError(`${instance} is not running any more`);
    return found;
  };
  let known: { readonly of: ModuleDescription | undefined; readonly names: readonly string[] } = {
    of: undefined,
    names: [],
  };
  const methods = () => {
    const current = system.descriptionOf(instance);
    if (current !== known.of) known = { of: current, names: methodNames(current) };
    return known.names;
  };
  return createProxy<T>({
    name: instance,
    methods,
    call: async (method, args) => callMethod(system, description(), method, args),
    read: async (path) => system.call(description().instance, READ, [path]),
    ...(debugCalls
      ? {
          callPath: async (path: readonly string[], args: readonly unknown[]) =>
            system.call(description().instance, CALL_PATH, [path, args]),
        }
      : {}),
  });
}

/** A skill takes `(input, options)`, an rpc method its own arguments; each declares its own deadline. */
export function callMethod(
  system: System,
  { instance, rpcs, skills }: ModuleDescription,
  method: string,
  args: readonly unknown[],
  given: RunCallOptions = {},
): Promise<unknown> {
  checkCallOptions(given);
  const skill = skills.find(({ name }) => name === method);
  if (skill === undefined) {
    const declared = rpcs.find(({ name }) => name === method)?.timeoutMs;
    return system.call(instance, method, args, withDeadline(declared, given));
  }
  const [input, options] = args as readonly [unknown, RunCallOptions | undefined];
  if (options !== undefined) checkCallOptions(options);
  return system.call(instance, method, [input ?? {}], withDeadline(skill.timeoutMs, { ...options, ...given }));
}

function methodNames(description: ModuleDescription | undefined): string[] {
  if (description === undefined) return [];
  const { rpcs, skills, unoffered } = description;
  return [...rpcs, ...skills, ...unoffered].map(({ name }) => name);
}

/** A deadline that the caller gives is its own, whatever the method declares. */
function withDeadline(declaredMs: number | undefined, options: RunCallOptions): RunCallOptions {
  return declaredMs === undefined || options.timeoutMs !== undefined
    ? options
    : { idleTimeoutMs: declaredMs, ...options };
}

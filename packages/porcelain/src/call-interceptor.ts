import { type PublishReceipt, READ, type RunCallOptions } from "@dimos/core";
import type { System } from "./system.ts";

type AbortOptions = Pick<RunCallOptions, "signal" | "onLateOutcome">;

/** A call that a program is about to make over its connection. */
export interface OutgoingCall {
  readonly kind: "method" | "publish" | "run";
  /** `UnitreeSkills.relativeMove`, `publish cmdVel`, `run ./bot.ts`. */
  readonly name: string;
  /** Makes it. The signal counts beside the caller's own; how an aborted call of a method ended is told later. */
  make(options?: AbortOptions): Promise<unknown>;
}

/** Stands between a program and its calls: makes them when and as it wants. */
export type CallInterceptor = (call: OutgoingCall) => Promise<unknown>;

/** The same system, whose calls and publications go through the interceptor. An emergency stop never does. */
export function interceptCalls(system: System, intercept: CallInterceptor): System {
  const call: System["call"] = (instance, method, args, options = {}) =>
    intercept({
      kind: "method",
      name: `${instance}.${method === READ ? (args[0] as readonly string[]).join(".") : method}`,
      make: (extra = {}) => system.call(instance, method, args, { ...options, ...bothOf(options, extra) }),
    });
  const publish: System["publish"] = async (stream, message, options = {}) =>
    (await intercept({
      kind: "publish",
      name: `publish ${stream}`,
      make: (extra = {}) => system.publish(stream, message, { ...options, ...bothOf(options, extra) }),
    })) as PublishReceipt | undefined;
  const { relays } = system;
  const readStream = system.readStream?.bind(system);
  return {
    call,
    publish,
    get runId() {
      return system.runId;
    },
    get lost() {
      return system.lost;
    },
    ...(relays === undefined ? {} : { relays }),
    ...(readStream === undefined ? {} : { readStream }),
    listModules: () => system.listModules(),
    descriptionOf: (instance) => system.descriptionOf(instance),
    loadBlueprint: (blueprint, options) => system.loadBlueprint(blueprint, options),
    unloadModule: (instance) => system.unloadModule(instance),
    restartModule: (instance, options) => system.restartModule(instance, options),
    streamSource: (stream) => system.streamSource(stream),
    listTopics: () => system.listTopics(),
    health: () => system.health(),
    estop: (reason) => system.estop(reason),
    resetEstop: () => system.resetEstop(),
    metrics: () => system.metrics(),
    on: (name, listener) => system.on(name, listener),
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  };
}

/** Options that only one side gave, and for both what does justice to both. */
function bothOf(given: AbortOptions, extra: AbortOptions): AbortOptions {
  const signals = [given.signal, extra.signal].filter((signal) => signal !== undefined);
  const hearers = [given.onLateOutcome, extra.onLateOutcome].filter((hear) => hear !== undefined);
  const hear = (outcome: PromiseSettledResult<unknown>) => {
    for (const each of hearers) each(outcome);
  };
  return {
    ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
    ...(hearers.length === 0 ? {} : { onLateOutcome: hear }),
  };
}

import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { EstopError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import type { CallOptions } from "../module/methods.ts";
import type { Permit, PermitRequest } from "../module/skill-host.ts";
import { type EstopState, NOT_STOPPED } from "../safety/estop-state.ts";
import { capabilityName, type LeaseAuthority } from "../safety/lease.ts";
import type { Topic } from "../stream/topic.ts";

/** Who comes second waits at most this long for an instant skill. */
const MAX_WAIT_MS = 30_000;
/** Of the caller's own deadline: it shall learn who is in the way before it gives up. */
const WAIT_SHARE = 0.8;

export type EstopListener = (estop: EstopState) => unknown;

/** The skill that runs now, in this thread of calls. */
export interface LentScope {
  readonly lease: string;
  /** Of the skill; undefined where the lease came with a call from elsewhere. */
  readonly signal: AbortSignal | undefined;
}

interface Run {
  readonly instance: string;
  readonly skill: string;
  readonly abort: AbortController;
}

/**
 * Motion safety as one worker sees it: what its skills hold, and whether the emergency stop is latched.
 *
 * What a skill holds travels with the calls it makes: within the process in the asynchronous context, to other processes
 * as the id of its lease beside the call (`LENT` in `worker/lent-call.ts`). So a skill that holds `movement` may call
 * another one that uses it, through as many methods as lie between, and does not wait for itself. It does not travel with what
 * the skill publishes: where subscribers run must make no difference.
 */
export class WorkerSafety {
  readonly #leases: LeaseAuthority;
  readonly #log: Logger;
  readonly #scope = new AsyncLocalStorage<LentScope>();
  readonly #runs = new Map<string, Run>();
  readonly #listeners = new Map<EstopListener, string>();
  #estop: EstopState = NOT_STOPPED;

  constructor(leases: LeaseAuthority, log: Logger) {
    this.#leases = leases;
    this.#log = log;
  }

  get estop(): EstopState {
    return this.#estop;
  }

  /** What the skill that calls now may lend. */
  get scope(): LentScope | undefined {
    return this.#scope.getStore();
  }

  /** A skill that another one calls ends with it. What its caller starts after its own end, to clean up, does not. */
  endWithCaller<O extends CallOptions>(options: O): O {
    const caller = this.scope?.signal;
    if (caller === undefined || caller.aborted) return options;
    return { ...options, signal: options.signal === undefined ? caller : AbortSignal.any([options.signal, caller]) };
  }

  /** Delivers what a skill publishes to others, who hold nothing of what it holds. */
  deliver(topic: Topic, message: unknown): void | Promise<void> {
    // Most are published by no skill, and leaving nothing costs more than all the rest.
    if (this.scope === undefined) return topic.publish(message);
    return this.#scope.exit(() => topic.publish(message));
  }

  /** Answers a call of a skill elsewhere that lends what it holds. */
  runLent<T>(lease: string, body: () => T): T {
    return this.#scope.run({ lease, signal: undefined }, body);
  }

  /** Throws while the emergency stop is latched. */
  refuseMotion(what: string): void {
    if (this.#estop.latched) throw new EstopError(what, this.#estop);
  }

  /** Takes what a skill uses. Rejects when it is refused, on abort, and while the emergency stop is latched. */
  async permit(instance: string, namespace: string, request: PermitRequest): Promise<Permit> {
    const { skill, declaration, signal, timeoutMs = Number.POSITIVE_INFINITY } = request;
    this.refuseMotion(skill);
    signal.throwIfAborted();
    const lease = randomUUID();
    const granted = this.#leases.acquire({
      lease,
      capabilities: [...new Set(declaration.uses)].map((capability) => capabilityName(namespace, capability)),
      instance,
      skill,
      lifecycle: declaration.lifecycle,
      endedBy: endedBy(instance, declaration.endedBy),
      lentBy: this.scope?.lease,
      waitMs: Math.min(MAX_WAIT_MS, timeoutMs * WAIT_SHARE),
    });
    const release = () => {
      this.#runs.delete(lease);
      this.#leases.release(lease);
    };
    try {
      await unlessAborted(granted, signal);
      this.refuseMotion(skill);
    } catch (error) {
      release();
      throw error;
    }
    const abort = new AbortController();
    this.#runs.set(lease, { instance, skill, abort });
    const scope = { lease, signal: AbortSignal.any([signal, abort.signal]) };
    return { signal: abort.signal, run: (body) => this.#scope.run(scope, body), release };
  }

  /** The module has stopped: what its skills held is free, even if one of them does not notice. */
  releaseInstance(instance: string): void {
    for (const [lease, run] of this.#runs) {
      if (run.instance !== instance) continue;
      this.#runs.delete(lease);
      this.#leases.release(lease);
    }
    for (const [listener, owner] of this.#listeners) if (owner === instance) this.#listeners.delete(listener);
  }

  /** Tells a module of every change; at once when the emergency stop is latched already. */
  onEstop(instance: string, listener: EstopListener): void {
    this.#listeners.set(listener, instance);
    if (this.#estop.latched) void this.#tell(instance, listener);
  }

  /** Aborts what holds capabilities, and tells the modules. Resolves to the instances that could not be told. */
  async change(estop: EstopState): Promise<readonly string[]> {
    this.#estop = estop;
    if (estop.latched)
      for (const { abort, skill } of this.#runs.values()) abort.abort(new EstopError(skill, estop, { isEnd: true }));
    const told = [...this.#listeners].map(async ([listener, instance]) =>
      (await this.#tell(instance, listener)) ? undefined : instance,
    );
    return (await Promise.all(told)).filter((instance) => instance !== undefined);
  }

  async #tell(instance: string, listener: EstopListener): Promise<boolean> {
    try {
      await listener(this.#estop);
      return true;
    } catch (error) {
      this.#log.error(`${instance} failed at an emergency stop`, { err: error });
      return false;
    }
  }
}

function endedBy(instance: string, skill: string | undefined): string | undefined {
  return skill === undefined ? undefined : `${instance}.${skill}`;
}

async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

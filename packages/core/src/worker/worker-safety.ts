import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { types } from "node:util";
import type { CallContext } from "@dimos/rpc";
import { EstopError, HoldError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import type { RunCallOptions } from "../module/module-run.ts";
import type { Permit, PermitRequest } from "../module/skill-host.ts";
import { type EstopState, NOT_STOPPED } from "../safety/estop-state.ts";
import { describeHold, Hold, type HoldEvent } from "../safety/hold.ts";
import { capabilityName, type LeaseAuthority } from "../safety/lease.ts";
import type { Topic } from "../stream/topic.ts";
import { AnsweredCall, type CallScope } from "./answered-call.ts";
import type { SafetyReport } from "./messages.ts";

/** Who comes second waits at most this long for an instant skill. */
const MAX_WAIT_MS = 30_000;
/** Of the caller's own deadline: it shall learn who is in the way before it gives up. */
const WAIT_SHARE = 0.8;

export type EstopListener = (estop: EstopState) => unknown;
export type HoldListener = (event: HoldEvent) => unknown;

/** A stop that came by the emergency socket, until the coordinator has heard of it. */
interface OwnStop {
  readonly id: string;
  readonly estop: EstopState & { readonly latched: true };
}

interface SafetyServices {
  readonly leases: LeaseAuthority;
  readonly log: Logger;
  /** Cuts actuators off their inputs while `isStopped`, and connects them again. */
  readonly rewire: () => void;
  /** Tells the coordinator what this worker does by itself. */
  readonly report: (report: SafetyReport) => void;
}

interface Run {
  readonly instance: string;
  readonly skill: string;
  readonly abort: AbortController;
}

/**
 * Motion safety as one worker sees it: what its skills hold, whether the emergency stop is latched, and whether its
 * actuators are held.
 *
 * What a skill holds travels with the calls it makes: within the process in the asynchronous context, to other processes
 * as the id of its lease beside the call (`LENT` in `worker/lent-call.ts`). So a skill that holds `movement` may call
 * another one that uses it, through as many methods as lie between, and does not wait for itself. It does not travel with what
 * the skill publishes: where subscribers run must make no difference.
 */
export class WorkerSafety {
  /** The hold of the actuators here. */
  readonly hold: Hold;
  readonly #leases: LeaseAuthority;
  readonly #log: Logger;
  readonly #rewire: () => void;
  readonly #report: (report: SafetyReport) => void;
  readonly #scope = new AsyncLocalStorage<CallScope>();
  readonly #runs = new Map<string, Run>();
  /** Skills that wait for what they use. */
  readonly #waiting = new Set<Pick<Run, "skill" | "abort">>();
  readonly #listeners = new Map<EstopListener, string>();
  readonly #holdListeners = new Map<HoldListener, string>();
  #estop: EstopState = NOT_STOPPED;
  #ownStop: OwnStop | undefined;

  constructor({ leases, log, rewire, report }: SafetyServices) {
    this.#leases = leases;
    this.#log = log;
    this.#rewire = rewire;
    this.#report = report;
    this.hold = new Hold({
      changed: (event) => this.#holdChanged(event),
      overdue: (heldMs, reason) => report({ type: "HoldOver", heldMs, reason, isOverdue: true }),
    });
  }

  get estop(): EstopState {
    return this.#estop;
  }

  /** Whether actuators here may not move. */
  get isStopped(): boolean {
    return this.#estop.latched || this.hold.isHeld;
  }

  /** The call that is being answered, and what its skill may lend. */
  get scope(): CallScope | undefined {
    return this.#scope.getStore();
  }

  /** A skill that another one calls ends with it. What its caller starts after its own end, to clean up, does not. */
  endWithCaller<O extends RunCallOptions>(given: O): O {
    const options = this.askThrough(given);
    const caller = this.scope?.signal;
    if (caller === undefined || caller.aborted) return options;
    return { ...options, signal: options.signal === undefined ? caller : AbortSignal.any([options.signal, caller]) };
  }

  /** Where a skill that is called asks for signs of life, the maker of the call that is answered here is asked. */
  askThrough<O extends RunCallOptions>(options: O): O {
    const { scope } = this;
    if (scope === undefined) return options;
    const { onAsking } = options;
    return {
      ...options,
      onAsking: () => {
        const stops = [onAsking?.(), scope.askCaller()];
        return () => {
          for (const stop of stops) stop?.();
        };
      },
    };
  }

  /** Answers a call of a declared method: what that calls ends with the call, and asks its caller. */
  runCall<T>(method: string, context: CallContext, body: () => T): T {
    const call = new AnsweredCall(method, context, this.scope, this.#log);
    const end = () => call.end();
    const result = this.#scope.run(call, body);
    if (types.isPromise(result)) result.then(end, end);
    else end();
    return result;
  }

  /** Delivers what a skill publishes to others, who hold nothing of what it holds. */
  deliver(topic: Topic, message: unknown): void | Promise<void> {
    // Most are published by no skill, and leaving nothing costs more than all the rest.
    if (this.scope === undefined) return topic.publish(message);
    return this.#scope.exit(() => topic.publish(message));
  }

  /** Answers a call of a skill elsewhere that lends what it holds. */
  runLent<T>(lease: string, body: () => T): T {
    return this.#scope.run({ lease, signal: undefined, askCaller: () => () => {} }, body);
  }

  /** Throws while the emergency stop is latched, and while the actuators here are held. */
  refuseMotion(what: string): void {
    if (this.#estop.latched) throw new EstopError(what, this.#estop);
    if (this.hold.isHeld)
      throw new HoldError(what, describeHold(this.hold.heldMs, this.hold.reason), { isRefusal: true });
  }

  /** Takes what a skill uses. Rejects when it is refused, on abort, and while nothing may move. */
  async permit(instance: string, namespace: string, request: PermitRequest): Promise<Permit> {
    const { skill, declaration, signal, timeoutMs = Number.POSITIVE_INFINITY } = request;
    this.refuseMotion(skill);
    signal.throwIfAborted();
    const { scope: caller } = this;
    const lease = randomUUID();
    const stopAsking = caller?.askCaller();
    const granted = this.#leases.acquire({
      lease,
      capabilities: [...new Set(declaration.uses)].map((capability) => capabilityName(namespace, capability)),
      instance,
      skill,
      lifecycle: declaration.lifecycle,
      endedBy: endedBy(instance, declaration.endedBy),
      lentBy: caller?.lease,
      waitMs: Math.min(MAX_WAIT_MS, timeoutMs * WAIT_SHARE),
    });
    const release = () => {
      this.#runs.delete(lease);
      this.#leases.release(lease);
      stopAsking?.();
    };
    // A call that its own module makes in the course of another one; after the end of that one it is there to clean up.
    const outer = caller?.signal?.aborted === false ? caller.signal : undefined;
    const ends = outer === undefined ? signal : AbortSignal.any([signal, outer]);
    const waiting = { skill, abort: new AbortController() };
    this.#waiting.add(waiting);
    try {
      await unlessAborted(granted, AbortSignal.any([ends, waiting.abort.signal]));
      this.refuseMotion(skill);
    } catch (error) {
      release();
      throw error;
    } finally {
      this.#waiting.delete(waiting);
    }
    const abort = new AbortController();
    this.#runs.set(lease, { instance, skill, abort });
    const askCaller = () => caller?.askCaller() ?? (() => {});
    const scope = { lease, signal: AbortSignal.any([ends, abort.signal]), askCaller };
    const ending = outer === undefined ? abort.signal : AbortSignal.any([abort.signal, outer]);
    return { signal: ending, run: (body) => this.#scope.run(scope, body), release };
  }

  /** The module has stopped: what its skills held is free, even if one of them does not notice. */
  releaseInstance(instance: string): void {
    for (const [lease, run] of this.#runs) {
      if (run.instance !== instance) continue;
      this.#runs.delete(lease);
      this.#leases.release(lease);
    }
    for (const listeners of [this.#listeners, this.#holdListeners] as const)
      for (const [listener, owner] of listeners) if (owner === instance) listeners.delete(listener as never);
  }

  /** Tells a module of every change; at once when the emergency stop is latched already. */
  onEstop(instance: string, listener: EstopListener): void {
    this.#listeners.set(listener, instance);
    if (this.#estop.latched) void this.#tell(instance, () => listener(this.#estop), "an emergency stop");
  }

  /** Tells a module when actuators are held, and of the end of a hold; at once when one has begun. */
  onHold(instance: string, listener: HoldListener): void {
    this.#holdListeners.set(listener, instance);
    if (!this.hold.isHeld) return;
    const event = { phase: "began", reason: this.hold.reason } as const;
    void this.#tell(instance, () => listener(event), "a hold");
  }

  /**
   * The coordinator's word. Aborts what holds capabilities, and tells the modules. Resolves to the instances that could
   * not be told. Rejects for a reset that came before the coordinator had heard of a stop that was taken here.
   *
   * @param heard the last stop of this worker that the coordinator has heard of
   */
  async change(estop: EstopState, heard: string | undefined): Promise<readonly string[]> {
    if (this.#ownStop?.id === heard) this.#ownStop = undefined;
    if (this.#ownStop !== undefined && !estop.latched)
      throw new EstopError("The reset of an earlier stop", this.#ownStop.estop);
    return this.#change(estop);
  }

  /** Somebody stops this worker without the coordinator, which hears of it and latches the run. */
  async stopHere(reason: string): Promise<readonly string[]> {
    const id = randomUUID();
    const estop = { latched: true, reason, since: Date.now() } as const;
    this.#ownStop = { id, estop };
    const told = this.#change(this.#estop.latched ? this.#estop : estop);
    this.#report({ type: "Stopped", id, reason });
    return told;
  }

  /** A hold has lasted too long: what moves here ends, and so does what waits to move. Resolves when the modules have been told. */
  async cancelMotion(heldMs: number, reason: string): Promise<void> {
    const why = describeHold(heldMs, reason);
    for (const { abort, skill } of [...this.#runs.values(), ...this.#waiting]) abort.abort(new HoldError(skill, why));
    // Where actuators are still held, modules hear it when they are released.
    if (!this.hold.isHeld) await this.#tellHold({ phase: "ended", reason, heldMs, isCancelled: true });
  }

  async #change(estop: EstopState): Promise<readonly string[]> {
    this.#estop = estop;
    this.#rewire();
    if (estop.latched)
      for (const { abort, skill } of this.#runs.values()) abort.abort(new EstopError(skill, estop, { isEnd: true }));
    const told = [...this.#listeners].map(async ([listener, instance]) =>
      (await this.#tell(instance, () => listener(estop), "an emergency stop")) ? undefined : instance,
    );
    return (await Promise.all(told)).filter((instance) => instance !== undefined);
  }

  #holdChanged(event: HoldEvent): void {
    this.#rewire();
    void this.#tellHold(event);
    const { reason } = event;
    if (event.phase === "began") this.#report({ type: "Held", reason });
    else this.#report({ type: "HoldOver", heldMs: event.heldMs, reason, isOverdue: false });
  }

  async #tellHold(event: HoldEvent): Promise<void> {
    await Promise.all(
      [...this.#holdListeners].map(([listener, instance]) => this.#tell(instance, () => listener(event), "a hold")),
    );
  }

  async #tell(instance: string, say: () => unknown, what: string): Promise<boolean> {
    try {
      await say();
      return true;
    } catch (error) {
      this.#log.error(`${instance} failed at ${what}`, { err: error });
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

import { CapabilityHeldError } from "../errors.ts";
import type { CapabilityHolder, LeaseRequest } from "./lease.ts";

interface Lease extends LeaseRequest {
  readonly worker: string;
  /** By `performance.now()`. */
  readonly sinceMs: number;
  /** For people. */
  readonly since: number;
}

interface Waiter {
  readonly request: Lease;
  readonly timer: NodeJS.Timeout;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Who holds what. A capability has one holder; several are granted together or not at all. Who comes second waits behind
 * instant skills, in order, and is refused behind a background one.
 *
 * A skill lends what it holds to the skills it calls: their requests name its lease, and are granted on top of it. So the
 * holders of a capability are a stack, in which each was called by the one below, and only the uppermost may lend: two
 * skills that one skill calls at once take turns.
 */
export class CapabilityRegistry {
  readonly #leases = new Map<string, Lease>();
  /** By capability, the uppermost last. */
  readonly #stacks = new Map<string, Lease[]>();
  #waiters: Waiter[] = [];
  #refusal: ((skill: string) => Error) | undefined;

  acquire(worker: string, request: LeaseRequest): Promise<void> {
    const lease: Lease = { ...request, worker, ...now() };
    const refusal = this.#refusal?.(request.skill) ?? this.#behindBackground(lease);
    if (refusal !== undefined) return Promise.reject(refusal);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = () => this.#settle(lease.lease, (waiter) => waiter.reject(this.#heldError(lease)));
    this.#waiters.push({ request: lease, timer: setTimeout(giveUp, request.waitMs), resolve, reject });
    this.#grant();
    return promise;
  }

  /** Takes back a request, or gives back what was granted. */
  release(id: string): void {
    this.#settle(id, (waiter) => waiter.reject(this.#heldError(waiter.request)));
    this.#drop((lease) => lease.lease === id);
  }

  /** Its worker has ended: nothing there runs any more. */
  freeWorker(worker: string): void {
    for (const { request } of [...this.#waiters]) if (request.worker === worker) this.release(request.lease);
    this.#drop((lease) => lease.worker === worker);
  }

  /** What an instance that is gone held, and its successor does not: since before `heldBeforeMs` by `performance.now()`. */
  freeInstance(instance: string, heldBeforeMs: number = Number.POSITIVE_INFINITY): void {
    this.#drop((lease) => lease.instance === instance && lease.sinceMs < heldBeforeMs);
  }

  /** From here on everything is refused, whoever waits included; with undefined, nothing is. */
  refuse(refusal: ((skill: string) => Error) | undefined): void {
    this.#refusal = refusal;
    if (refusal === undefined) return;
    for (const { request } of [...this.#waiters])
      this.#settle(request.lease, (waiter) => waiter.reject(refusal(request.skill)));
  }

  holders(): CapabilityHolder[] {
    return [...this.#stacks].flatMap(([capability, stack]) =>
      stack.slice(0, 1).map(({ skill, lifecycle, worker, since }) => ({ capability, skill, lifecycle, worker, since })),
    );
  }

  #grant(): void {
    // Who waits for several keeps those that come later from the ones that are free already.
    const claimed = new Set<string>();
    for (const { request } of [...this.#waiters]) {
      const isNext = request.capabilities.every(
        (capability) => this.#isLent(capability, request) || (this.#isFree(capability) && !claimed.has(capability)),
      );
      if (!isNext) {
        for (const capability of request.capabilities) claimed.add(capability);
        continue;
      }
      this.#settle(request.lease, (waiter) => waiter.resolve());
      const lease = { ...request, ...now() };
      this.#leases.set(lease.lease, lease);
      for (const capability of lease.capabilities)
        this.#stacks.set(capability, [...(this.#stacks.get(capability) ?? []), lease]);
      if (lease.lifecycle === "background") this.#refuseBehind();
    }
  }

  #refuseBehind(): void {
    for (const { request } of [...this.#waiters]) {
      const refusal = this.#behindBackground(request);
      if (refusal !== undefined) this.#settle(request.lease, (waiter) => waiter.reject(refusal));
    }
  }

  #settle(id: string, finish: (waiter: Waiter) => void): void {
    const waiter = this.#waiters.find(({ request }) => request.lease === id);
    if (waiter === undefined) return;
    clearTimeout(waiter.timer);
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    finish(waiter);
  }

  #drop(isOver: (lease: Lease) => boolean): void {
    for (const lease of this.#leases.values()) if (isOver(lease)) this.#leases.delete(lease.lease);
    for (const [capability, stack] of this.#stacks) {
      const left = stack.filter((lease) => this.#leases.has(lease.lease));
      if (left.length > 0) this.#stacks.set(capability, left);
      else this.#stacks.delete(capability);
    }
    this.#grant();
  }

  #isFree(capability: string): boolean {
    return !this.#stacks.has(capability);
  }

  /** The uppermost holder called this skill, or called who called it. */
  #isLent(capability: string, { lentBy }: LeaseRequest): boolean {
    const top = this.#stacks.get(capability)?.at(-1);
    if (top === undefined) return false;
    for (let id = lentBy; id !== undefined; id = this.#leases.get(id)?.lentBy) if (id === top.lease) return true;
    return false;
  }

  #behindBackground(request: Lease): Error | undefined {
    const isBehind = request.capabilities.some(
      (capability) =>
        !this.#isBorrower(capability, request) &&
        this.#stacks.get(capability)?.some(({ lifecycle }) => lifecycle === "background") === true,
    );
    return isBehind ? this.#heldError(request) : undefined;
  }

  /** It was called by one of the holders, and waits for another skill of the same one at most. */
  #isBorrower(capability: string, { lentBy }: LeaseRequest): boolean {
    const stack = this.#stacks.get(capability) ?? [];
    for (let id = lentBy; id !== undefined; id = this.#leases.get(id)?.lentBy)
      if (stack.some(({ lease }) => lease === id)) return true;
    return false;
  }

  /** Names who began: whom that called ends with it. */
  #heldError({ capabilities, skill }: LeaseRequest): Error {
    const held = capabilities.find((capability) => !this.#isFree(capability)) ?? (capabilities[0] as string);
    const holder = this.#stacks.get(held)?.[0];
    if (holder === undefined) return new CapabilityHeldError(held, skill, undefined);
    return new CapabilityHeldError(held, skill, { ...holder, heldForMs: performance.now() - holder.sinceMs });
  }
}

function now(): Pick<Lease, "sinceMs" | "since"> {
  return { sinceMs: performance.now(), since: Date.now() };
}

import { EstopError } from "../errors.ts";
import { CapabilityRegistry } from "./capability-registry.ts";
import { type EstopState, NOT_STOPPED } from "./estop-state.ts";
import type { LeaseAuthority } from "./lease.ts";

/** Motion safety of one run: who holds what, and whether anything may move. */
export class RunSafety {
  readonly capabilities = new CapabilityRegistry();
  #estop: EstopState = NOT_STOPPED;
  #lastReset: (EstopState & { readonly latched: true }) | undefined;

  get estop(): EstopState {
    return this.#estop;
  }

  /** The stop that was reset last: another one than before says that there was a reset meanwhile. */
  get lastReset(): (EstopState & { readonly latched: true }) | undefined {
    return this.#lastReset;
  }

  /** Nothing is granted from here on. The first reason stays until the reset. */
  latch(reason: string): EstopState & { readonly latched: true } {
    if (this.#estop.latched) return this.#estop;
    const estop = { latched: true, reason, since: Date.now() } as const;
    this.#estop = estop;
    this.capabilities.refuse((skill) => new EstopError(skill, estop));
    return estop;
  }

  reset(): void {
    if (this.#estop.latched) this.#lastReset = this.#estop;
    this.#estop = NOT_STOPPED;
    this.capabilities.refuse(undefined);
  }

  /** For modules in the coordinator's own process. */
  leasesOf(worker: string): LeaseAuthority {
    return {
      acquire: (request) => this.capabilities.acquire(worker, request),
      release: (lease) => this.capabilities.release(lease),
    };
  }
}

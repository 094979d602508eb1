import { fromWireError, type WireError } from "@dimos/rpc";
import { coreErrors } from "../revive-errors.ts";
import type { LeaseAuthority, LeaseRequest } from "../safety/lease.ts";
import type { FromWorker } from "./messages.ts";

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Asks the coordinator for leases, over the channel of a worker process. */
export class ChannelLeases implements LeaseAuthority {
  readonly #send: (message: FromWorker) => void;
  readonly #waiting = new Map<string, Waiting>();

  constructor(send: (message: FromWorker) => void) {
    this.#send = send;
  }

  acquire(request: LeaseRequest): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.set(request.lease, { resolve, reject });
    this.#send({ type: "Acquire", request });
    return promise;
  }

  release(lease: string): void {
    this.#waiting.delete(lease);
    this.#send({ type: "Release", lease });
  }

  /** What the coordinator said of a request; of one that was taken back, nobody wants to know. */
  decided(lease: string, refusal: WireError | undefined): void {
    const waiting = this.#waiting.get(lease);
    this.#waiting.delete(lease);
    if (refusal === undefined) waiting?.resolve();
    else waiting?.reject(fromWireError(refusal, coreErrors()));
  }
}

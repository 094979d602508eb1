import { decode } from "@dimos/rpc";
import { LoanExpiredError } from "../../errors.ts";
import type { MappedSegment } from "./mapped-segment.ts";
import type { SlotAddress } from "./slot.ts";

/** How long a subscriber may keep what it has borrowed. */
const LOAN_MS = 1_000;
const OWNED = { isOwned: true };
const SHARED = { isOwned: true, isShared: true };

/** A message in a slot of shared memory. The slot goes back to its publisher when nobody holds it any more. */
export class Lent {
  readonly #segment: MappedSegment;
  readonly #address: SlotAddress;
  readonly #onGivenBack: () => void;
  readonly #borrowers = new Set<(error: unknown) => void>();
  #holders = 1;
  #stable: { readonly message: unknown } | undefined;
  #view: { readonly message: unknown } | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(segment: MappedSegment, address: SlotAddress, onGivenBack: () => void) {
    this.#segment = segment;
    this.#address = address;
    this.#onGivenBack = onGivenBack;
  }

  /** The message in memory of its own, the same for all who ask. */
  get stable(): unknown {
    // Its memory may be gone: a subscriber before this one has ended the subscription.
    if (this.#stable === undefined && this.#isOver) throw new LoanExpiredError(LOAN_MS);
    this.#stable ??= { message: decode(this.#segment.copy(this.#address), OWNED) };
    return this.#stable.message;
  }

  /** The message where it is, for one that holds it. A borrower that takes too long is told by `onExpired`. */
  borrow(onExpired: (error: unknown) => void): unknown {
    // Another borrower has kept it too long.
    if (this.#isOver) throw new LoanExpiredError(LOAN_MS);
    this.#view ??= { message: decode(this.#segment.view(this.#address), SHARED) };
    this.#borrowers.add(onExpired);
    this.#expiry ??= setTimeout(() => this.revoke(), LOAN_MS).unref();
    return this.#view.message;
  }

  hold(): void {
    this.#holders++;
  }

  giveBack(onExpired?: (error: unknown) => void): void {
    if (onExpired !== undefined) this.#borrowers.delete(onExpired);
    if (--this.#holders === 0) this.#end();
  }

  /** Takes it back at once. */
  revoke(): void {
    if (this.#isOver) return;
    this.#segment.revoke(this.#address.slot);
    const error = new LoanExpiredError(LOAN_MS);
    for (const onExpired of this.#borrowers) onExpired(error);
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#expiry);
    this.#onGivenBack();
  }
}

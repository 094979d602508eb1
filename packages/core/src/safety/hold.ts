/** Why an actuator may not move although no emergency stop is latched. */
export type HoldReason = "coordinator-silent" | "link-lost";

/** A hold that ends within this time changes nothing but the standstill: what was moving goes on. */
export const HOLD_KEEPS_MS = 1_000;

/** As modules hear of a hold (`this.onHold`). */
export type HoldEvent =
  /** Halt now: no command arrives until it is over. Only modules in the actuator's own worker hear it. */
  | { readonly phase: "began"; readonly reason: string }
  | {
      readonly phase: "ended";
      readonly reason: string;
      readonly heldMs: number;
      /** It lasted too long: what was moving has been ended. Forget goals; nothing moves until a new command. */
      readonly isCancelled: boolean;
    };

/** As `health` shows it. */
export type HoldState =
  | { readonly held: false }
  | { readonly held: true; readonly reason: string; readonly heldMs: number };

export const NOT_HELD: HoldState = Object.freeze({ held: false });

interface HoldListener {
  /** Halts the actuators, or lets them move again. */
  changed(event: HoldEvent): void;
  /** No reason is left, but it lasted too long: what was moving has to be ended before `release`. */
  overdue(heldMs: number, reason: string): void;
}

/**
 * Whether the actuators of one worker are held: by a set of reasons, each of which comes and goes by itself. It is not the
 * emergency stop, which only a person ends: an actuator moves when the set is empty and no stop is latched.
 *
 * A hold of up to `HOLD_KEEPS_MS` ends with its last reason. A longer one ends when the coordinator has cancelled what was
 * moving (`release`); otherwise the robot would set off again before anybody could tell the module that drives it.
 */
export class Hold {
  readonly #reasons = new Set<HoldReason>();
  readonly #listener: HoldListener;
  readonly #nowMs: () => number;
  #sinceMs: number | undefined;
  /** The first reason: people hear of that one. */
  #text = "";

  constructor(listener: HoldListener, nowMs: () => number = () => performance.now()) {
    this.#listener = listener;
    this.#nowMs = nowMs;
  }

  get isHeld(): boolean {
    return this.#sinceMs !== undefined;
  }

  /** Continues a sentence: `the coordinator did not answer`. Empty while nothing is held. */
  get reason(): string {
    return this.#text;
  }

  add(reason: HoldReason): void {
    this.#reasons.add(reason);
    if (this.#sinceMs !== undefined) return;
    this.#sinceMs = this.#nowMs();
    this.#text = describeReason(reason);
    this.#listener.changed({ phase: "began", reason: this.#text });
  }

  remove(reason: HoldReason): void {
    if (!this.#reasons.delete(reason) || this.#reasons.size > 0) return;
    const { heldMs } = this;
    if (heldMs <= HOLD_KEEPS_MS) this.#end(false);
    else this.#listener.overdue(heldMs, this.#text);
  }

  /** Motion has been cancelled everywhere. Does nothing while a reason is left: its end asks for another cancellation. */
  release(): void {
    if (this.#sinceMs !== undefined && this.#reasons.size === 0) this.#end(true);
  }

  get heldMs(): number {
    return this.#sinceMs === undefined ? 0 : this.#nowMs() - this.#sinceMs;
  }

  #end(isCancelled: boolean): void {
    const { heldMs } = this;
    const reason = this.#text;
    this.#sinceMs = undefined;
    this.#text = "";
    this.#listener.changed({ phase: "ended", reason, heldMs, isCancelled });
  }
}

function describeReason(reason: HoldReason): string {
  switch (reason) {
    case "coordinator-silent":
      return "the coordinator did not answer";
    case "link-lost":
      return "the link to the coordinator was lost";
    default:
      return reason satisfies never;
  }
}

/** `held for 2.3 s, the coordinator did not answer` */
export function describeHold(heldMs: number, reason: string): string {
  return `held for ${(heldMs / 1000).toFixed(1)} s, ${reason}`;
}

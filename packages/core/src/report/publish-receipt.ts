import type { EstopState } from "../safety/estop-state.ts";

/** What became of a message that was published from outside of the run. */
export interface PublishReceipt {
  /** Wire name, `/goal`. */
  readonly topic: string;
  readonly messageName: string;
  /** Ports of modules that it was sent to, `Planner.goal`. */
  readonly receivers: readonly string[];
  /** Ports of actuators that it does not reach, for as long as the emergency stop is latched. */
  readonly withheld: readonly string[];
  readonly estop: EstopState;
  /** Ports of modules that leave it out, and why. Left out when all take it. */
  readonly refused?: readonly { readonly port: string; readonly fault: string }[];
  /** Readers outside of the run that it was sent to. */
  readonly readers: number;
  /** Workers with a receiver that do not take messages now. */
  readonly missing: number;
  /** False: no class with this message is known to the coordinator, so nobody has checked it. */
  readonly isValidated: boolean;
}

/** Whether the robot may move. Latched until it is reset, whatever restarts or is loaded meanwhile. */
export type EstopState =
  | { readonly latched: false }
  | {
      readonly latched: true;
      readonly reason: string;
      /** Milliseconds since the epoch. */
      readonly since: number;
    };

/** In the environment of a program that takes the place of one whose emergency stop was latched: the reason. */
export const ESTOP_VARIABLE = "DIMOS_RESTARTED_ESTOP";

export const NOT_STOPPED: EstopState = Object.freeze({ latched: false });

/** What an emergency stop reached. */
export interface EstopReport {
  readonly estop: EstopState;
  /** Actuator modules that have halted. */
  readonly halted: readonly string[];
  /** Workers that did not confirm in time. Those with an actuator were killed for that. */
  readonly unconfirmed: readonly {
    readonly worker: string;
    readonly modules: readonly string[];
    readonly killed: boolean;
  }[];
}

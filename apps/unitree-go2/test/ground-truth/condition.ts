import type { Robot } from "./robot.ts";

/** What one trial has shown. */
export interface Outcome {
  /** From what happened until the robot stood for good. Milliseconds. */
  readonly stoodMs: number;
  /** The run is of no use for another trial. */
  readonly endsRun?: boolean;
}

/** Something that goes wrong while the robot walks. */
export interface Condition {
  readonly id: string;
  /** As it is in the table. */
  readonly what: string;
  /** At a load under 2 the robot stands within this. Milliseconds. */
  readonly boundMs: number;
  /** Needs a run that lives by a clock that can be set. */
  readonly needsClock?: boolean;
  /** Rejects when the robot does not stand, or moves again when nobody means it to. */
  trial(robot: Robot): Promise<Outcome>;
}

export const BOUND_MS = 600;
export const CALLER_BOUND_MS = 2_000;
/** A map may be 0.4 s old at any time, so one that does not come is missed late; a process is found to be stopped after 1 s. */
export const MAPPER_BOUND_MS = 2_000;
export const COORDINATOR_BOUND_MS = 1_600;

/** So long the robot has to stand, after everything that may let it move again. Milliseconds. */
export const STAYS_MS = 1_000;

import type { Logger } from "../log/logger.ts";
import type { SkillDeclaration } from "./methods.ts";

/** What a skill needs of the place where its module runs. A skill of a module that nobody hosts just runs. */
export interface SkillHost {
  readonly instance: string;
  /** Aborted when the module stops. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Takes the capabilities of a skill; left out where nobody else could use them. */
  readonly permit?: ((request: PermitRequest) => Promise<Permit>) | undefined;
}

export interface PermitRequest {
  readonly skill: string;
  readonly declaration: SkillDeclaration;
  /** The caller's: it does not wait any longer than that. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number | undefined;
}

/** What a skill holds while it runs. */
export interface Permit {
  /** Aborted by an emergency stop or a hold, with its `MotionEnd`, and with the call in whose course this one was made. */
  readonly signal: AbortSignal;
  /** Runs what may lend what is held to the skills it calls. */
  run<T>(body: () => T): T;
  release(): void;
}

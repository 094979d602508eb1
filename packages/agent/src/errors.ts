import { DimosError } from "@dimos/rpc";

/** Codes of the errors of this package, and what each means. */
export type AgentErrorCode =
  | "UNKNOWN_MODEL" // the text in `model` names no provider that is known
  | "MODEL_PACKAGE_MISSING" // the packages for a model are not installed
  | "MODEL_KEY_MISSING" // neither config nor environment has a key for the model
  | "MODEL_TIMEOUT" // the model did not answer in time
  | "MODEL_FAILED" // the model's API answered with an error, or not at all
  | "AGENT_NOT_STARTED" // the run is not up yet
  | "TURN_INTERRUPTED"; // a newer message came, or the agent stops

export class AgentError extends DimosError {
  constructor(code: AgentErrorCode, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
  }
}

/** Ends a turn that is under way. */
export class TurnInterruptedError extends AgentError {
  constructor(reason: string) {
    super("TURN_INTERRUPTED", reason);
  }
}

/** What went wrong, in words, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

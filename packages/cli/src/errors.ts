import { DimosError } from "@dimos/rpc";

/** Codes of the command's own errors; `exit-code-of.ts` says what each ends with. */
export type CliErrorCode =
  | "USAGE" // the command line cannot be meant
  | "NONE_ALIVE" // no run is alive
  | "NOT_ALIVE" // this run has ended
  | "NO_MCP_SERVER" // the run has no server for agents
  | "MCP_NOT_INSTALLED" // the package that serves agents is not there
  | "MCP_FAILED" // the server for agents refused, or said something else than it should
  | "NO_SUCH_RUN" // there never was a run of that id or name
  | "NO_AGENT" // the run has no module that people can talk with
  | "SEVERAL_RUNS" // several runs could be meant
  | "START_TIMEOUT" // a run was not up within --start-timeout
  | "INTERRUPTED" // a signal came before a run was up, or had ended
  | "CANNOT_RESTART" // a run that cannot be started again as it was; it goes on
  | "RESTART_FAILED" // a run was stopped to be restarted, and the new one did not start
  | "CALL_FAILED"; // a method or skill threw

export class CliError extends DimosError {
  constructor(code: CliErrorCode, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
  }
}

export class UsageError extends CliError {
  constructor(message: string) {
    super("USAGE", message);
  }
}

export class StartTimeoutError extends CliError {
  /** @param wait what had not come by then, as the end of a sentence */
  constructor(run: string, timeoutMs: number, wait: string) {
    super(
      "START_TIMEOUT",
      `${run} was not up within ${timeoutMs / 1000} s (--start-timeout): ${wait}; nothing of it is left`,
    );
  }
}

export class InterruptedError extends CliError {
  constructor(run: string) {
    super("INTERRUPTED", `${run} was interrupted while it started; nothing of it is left`);
  }
}

export class StoppedWhileStartingError extends CliError {
  constructor(run: string) {
    super("INTERRUPTED", `${run} was stopped while it started; nothing of it is left`);
  }
}

/** What a method threw: whatever its code, the command line was right. */
export class CallFailedError extends CliError {
  constructor(error: unknown) {
    const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
    super("CALL_FAILED", message, cause);
  }
}

/** The old run is gone, and the new one did not come. */
export class RestartFailedError extends CliError {
  constructor(error: unknown, remark: string) {
    super("RESTART_FAILED", `${error instanceof Error ? error.message : String(error)}\n${remark}`, error);
  }
}

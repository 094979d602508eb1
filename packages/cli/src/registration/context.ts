import type { ExitCode } from "../exit-codes.ts";

/** What the registered commands share of one call of the command line. */
export interface CommandContext {
  readonly argv: readonly string[];
  readonly signal: AbortSignal;
  /** Waits for a command, and keeps its exit code. */
  finish(code: Promise<ExitCode>): Promise<void>;
}

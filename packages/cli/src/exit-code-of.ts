import { EXIT, type ExitCode } from "./exit-codes.ts";

/** Errors that are not just failures: most of them have another command line as their remedy. */
const EXIT_CODES: ReadonlyMap<string, ExitCode> = new Map<string, ExitCode>([
  ["UNKNOWN_NAME", EXIT.usage],
  ["AMBIGUOUS_NAME", EXIT.usage],
  ["TARGET_NOT_FOUND", EXIT.usage],
  ["EXPORT_NOT_FOUND", EXIT.usage],
  ["INVALID_CONFIG", EXIT.usage],
  ["INVALID_TARGET", EXIT.usage],
  ["INVALID_BLUEPRINT", EXIT.usage],
  ["NO_SUCH_MODULE", EXIT.usage],
  ["NO_SUCH_SKILL", EXIT.usage],
  ["NO_SUCH_METHOD", EXIT.usage],
  ["NO_SUCH_STREAM", EXIT.usage],
  ["AMBIGUOUS_SKILL", EXIT.usage],
  ["INVALID_INPUT", EXIT.usage],
  ["PATH_MISSING", EXIT.usage],
  ["SEVERAL_RUNS", EXIT.usage],
  ["USAGE", EXIT.usage],
  ["NONE_ALIVE", EXIT.notRunning],
  ["NOT_ALIVE", EXIT.notRunning],
  ["NO_AGENT", EXIT.notRunning],
  ["NO_MCP_SERVER", EXIT.notRunning],
  ["NO_SUCH_RUN", EXIT.noSuchRun],
  ["CALL_TIMEOUT", EXIT.timeout],
  ["START_TIMEOUT", EXIT.timeout],
]);

export function exitCodeOf(error: unknown): ExitCode {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return (typeof code === "string" ? EXIT_CODES.get(code) : undefined) ?? EXIT.failed;
}

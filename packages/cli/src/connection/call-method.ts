import { isDone } from "@dimos/core";
import { parseDuration } from "../arguments/durations.ts";
import { CallFailedError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print, say } from "../output/print.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { showValue, toJson } from "../output/show-value.ts";
import { describeAborted, type LateOutcome, lateOutcome } from "./aborted-call.ts";
import type { App, RunOption } from "./connect.ts";

export interface CallCommandOptions extends RunOption {
  readonly json?: boolean;
  readonly timeout?: string;
}

/** Errors that say something about the command line, or about time; all others are the method's own. */
const OWN_CODES: ReadonlySet<unknown> = new Set(["INVALID_INPUT", "CALL_TIMEOUT"]);

/**
 * Calls a method and prints what it answers. An interrupt aborts the call, and with it what the robot does; then it says
 * how far the robot came.
 */
export async function callAndPrint(
  app: App,
  target: string,
  args: readonly unknown[],
  options: CallCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const progress = new ProgressLine();
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout, "--timeout");
  const late = Promise.withResolvers<LateOutcome>();
  let value: unknown;
  try {
    value = await app.call(target, args, {
      signal,
      onLateOutcome: late.resolve,
      onProgress: (step) => progress.report(progressText(step)),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  } catch (error) {
    if (signal.aborted && (error as { code?: unknown }).code === "CALL_ABORTED") {
      progress.clear();
      const outcome = await lateOutcome(late.promise);
      say(describeAborted(target, outcome));
      if (options.json === true && outcome?.status === "fulfilled") await print(toJson(outcome.value, 2));
      return EXIT.interrupted;
    }
    if (error instanceof Error && OWN_CODES.has((error as { code?: unknown }).code)) throw error;
    throw new CallFailedError(error);
  } finally {
    progress.clear();
  }
  await print(options.json === true ? toJson(value, 2) : showValue(value));
  return isDone(value) ? EXIT.ok : EXIT.failed;
}

/** A skill that says in words where it is, is shown by those. */
function progressText(step: unknown): string {
  if (typeof step === "string") return step;
  const { detail } = (step ?? {}) as { readonly detail?: unknown };
  return typeof detail === "string" ? detail : toJson(step).text.trimEnd();
}

import { EstopError } from "../errors.ts";

/** What a skill says when it did not do what was asked, though nothing broke. */
const NOT_DONE: ReadonlySet<unknown> = new Set([
  "blocked",
  "cancelled",
  "timeout",
  "failed",
  "refused",
  "aborted",
  "error",
]);

/** Whether a skill did what was asked, going by the `status` of its answer. */
export function isDone(answer: unknown): boolean {
  return typeof answer !== "object" || answer === null || !NOT_DONE.has((answer as { status?: unknown }).status);
}

/**
 * What the caller hears of a skill that an emergency stop has ended. One that reports what was measured before it says
 * `cancelled` as if its caller had asked for that: its `error` becomes the stop. An answer without a status says nothing of
 * how it ended, and rejects.
 */
export function answerAfterEstop(answer: unknown, stop: EstopError): unknown {
  if (typeof answer !== "object" || answer === null || !("status" in answer)) throw stop;
  return isDone(answer) ? answer : { ...answer, error: stop.message };
}

/** The same for one that threw. */
export function errorAfterEstop(error: unknown, stop: EstopError): EstopError {
  return error instanceof EstopError ? error : new EstopError(stop.data.what, stop.data, { isEnd: true, cause: error });
}

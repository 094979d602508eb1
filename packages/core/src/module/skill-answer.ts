import { EstopError, HoldError } from "../errors.ts";

/** What ends a skill that moves, other than its caller. */
export type MotionEnd = EstopError | HoldError;

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
/**
 * What the caller hears of a skill that was ended by something other than its caller's wish: an emergency stop, a hold, or
 * a caller that gave no sign of life. One that reports what was measured before it says `cancelled` as if its caller had
 * asked for that: its `error` becomes the reason. An answer without a status says nothing of how it ended, and rejects.
 */
export function answerAfterEnd(answer: unknown, end: Error): unknown {
  if (typeof answer !== "object" || answer === null || !("status" in answer)) throw end;
  if (isDone(answer)) return answer;
  return { ...answer, error: end instanceof HoldError ? end.data.why : end.message };
}

/** The same for one that threw. */
export function errorAfterEnd(error: unknown, end: MotionEnd): MotionEnd {
  if (error instanceof EstopError || error instanceof HoldError) return error;
  if (end instanceof HoldError) return new HoldError(end.data.what, end.data.why, { cause: error });
  return new EstopError(end.data.what, end.data, { isEnd: true, cause: error });
}

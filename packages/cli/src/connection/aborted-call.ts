import { setTimeout as sleep } from "node:timers/promises";

/** How a call ended that its caller aborted; undefined when nothing was heard of that. */
export type LateOutcome = PromiseSettledResult<unknown> | undefined;

/** A robot brakes within a fraction of this time, and a skill answers then. */
export const LATE_OUTCOME_MS = 3_000;

/** Waits until an aborted call has ended, but not for ever. */
export async function lateOutcome(outcome: Promise<LateOutcome>): Promise<LateOutcome> {
  const waiting = new AbortController();
  try {
    return await Promise.race([outcome, sleep(LATE_OUTCOME_MS, undefined, { signal: waiting.signal })]);
  } finally {
    waiting.abort();
  }
}

/** What the abort of a call means for the robot, as a sentence. */
export function describeAborted(name: string, outcome: LateOutcome): string {
  if (outcome === undefined)
    return `${name} was told to abort, and has not ended yet. To stop the robot in any case: dimos estop`;
  if (outcome.status === "rejected")
    return `${name} was aborted: ${outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason)}`;
  const distance = distanceIn(outcome.value);
  if (distance !== undefined) return `${name} was aborted: the robot ${distance}, and has stopped`;
  const answer = outcome.value === undefined ? "" : `. It answered: ${JSON.stringify(outcome.value)}`;
  return `${name} was aborted${answer}`;
}

/** Skills that move a robot say in metres and degrees how far it came. */
function distanceIn(value: unknown): string | undefined {
  const { moved, turnedDegrees } = (value ?? {}) as { readonly moved?: unknown; readonly turnedDegrees?: unknown };
  const parts = [
    ...(typeof moved === "number" ? [`moved ${moved.toFixed(2)} m`] : []),
    ...(typeof turnedDegrees === "number" && Math.abs(turnedDegrees) >= 1
      ? [`turned ${Math.round(Math.abs(turnedDegrees))}° to the ${turnedDegrees > 0 ? "left" : "right"}`]
      : []),
  ];
  return parts.length === 0 ? undefined : parts.join(" and ");
}

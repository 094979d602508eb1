import type { Qos } from "../qos.ts";
import type { Lent } from "./shared/lent.ts";

/** A process may be held up between the two readings, and would be that much off for good: the tightest of so many counts. */
const READINGS = 16;

/** The clock all processes of this host share starts elsewhere than that of `performance`, which is faster to read. */
const PERFORMANCE_START_MS = performanceStartMs();

/** Milliseconds on the monotonic clock that all processes of this host share. */
export function monotonicMs(): number {
  return PERFORMANCE_START_MS + performance.now();
}

function performanceStartMs(): number {
  let startMs = 0;
  let tightestMs = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < READINGS; reading++) {
    const beforeMs = performance.now();
    const sharedMs = Number(process.hrtime.bigint() / 1000n) / 1000;
    const afterMs = performance.now();
    if (afterMs - beforeMs >= tightestMs) continue;
    tightestMs = afterMs - beforeMs;
    startMs = sharedMs - (beforeMs + afterMs) / 2;
  }
  return startMs;
}

/** Stands for a time of publication that nobody asked for: reading the clock costs more than handing a message on. */
export const NOT_STAMPED = 0;

/** Three hundred years after the host was started. */
const MAX_TIME_MS = 1e13;

/** @throws RangeError for what is no time: with one that is not finite, nothing would ever be too old */
export function checkTime(publishedMs: number): void {
  if (!(publishedMs >= 0 && publishedMs <= MAX_TIME_MS))
    throw new RangeError(`A message was published at ${publishedMs} ms, which is not a time`);
}

/** Takes messages; returns a promise only when the publisher should wait (`keep: "all"`). */
export interface Sink {
  /** What it asks of its publishers. */
  readonly need: Qos;
  /** `publishedMs` is the time of publication by `monotonicMs`, or `NOT_STAMPED`. */
  push(message: unknown, publishedMs: number): void | Promise<void>;
  /** The same for a message in shared memory, which is the caller's before and after. */
  pushLent(lent: Lent, publishedMs: number): void | Promise<void>;
}

/** One wait for both; undefined when there is nothing to wait for. */
export function both(a: void | Promise<void>, b: void | Promise<void>): Promise<void> | undefined {
  if (a === undefined || b === undefined) return (a ?? b) as Promise<void> | undefined;
  return Promise.all([a, b]).then(noop);
}

function noop(): void {}

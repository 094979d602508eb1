import { monotonicMs } from "./stream/delivery.ts";

/**
 * The time that robot code lives in. Deadlines and dead-man timers do not use it: they count monotonic wall time.
 * All values are milliseconds.
 */
export interface Clock {
  /**
   * Steady: starts at the wall time of the run's start (0 in a simulation), never jumps when the host's clock is set,
   * and is the same in all processes of the run. For stamps, ages and durations.
   */
  now(): number;
  /** The wall clock, for people only: it jumps when the host's clock is set. In a simulation, the simulated time. */
  date(): Date;
  /** Rejects with the signal's reason when that aborts. */
  sleep(ms: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Calls `tick` every `periodMs` until the signal aborts or the returned function is called. A late tick is not made up for. */
  interval(periodMs: number, tick: () => void, options?: { readonly signal?: AbortSignal | undefined }): () => void;
}

/** Real time. All processes of a run share one `baseMs`: the wall time at which the host's monotonic clock was 0. */
export class SteadyClock implements Clock {
  readonly #baseMs: number;

  constructor(baseMs: number) {
    if (!Number.isFinite(baseMs)) throw new RangeError(`The base of a clock must be a finite number, not ${baseMs}`);
    this.#baseMs = baseMs;
  }

  now(): number {
    return this.#baseMs + monotonicMs();
  }

  date(): Date {
    return new Date();
  }

  sleep(ms: number, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  interval(
    periodMs: number,
    tick: () => void,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): () => void {
    if (signal?.aborted === true) return () => {};
    const timer = setInterval(tick, periodMs);
    const stop = () => {
      clearInterval(timer);
      signal?.removeEventListener("abort", stop);
    };
    signal?.addEventListener("abort", stop, { once: true });
    return stop;
  }
}

/** A clock whose sleeps and intervals also end when `owner` aborts. */
export function ownedClock(clock: Clock, owner: AbortSignal): Clock {
  const own = (signal: AbortSignal | undefined) => (signal === undefined ? owner : AbortSignal.any([owner, signal]));
  return {
    now: () => clock.now(),
    date: () => clock.date(),
    sleep: (ms, options) => clock.sleep(ms, { signal: own(options?.signal) }),
    interval: (periodMs, tick, options) => clock.interval(periodMs, tick, { signal: own(options?.signal) }),
  };
}

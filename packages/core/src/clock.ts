/**
 * The time that robot code lives in. Deadlines and dead-man timers do not use it: they count monotonic wall time.
 * All values are milliseconds.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch (or since the simulation's start of time). */
  now(): number;
  /** Rejects with the signal's reason when that aborts. */
  sleep(ms: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Calls `tick` every `periodMs` until the signal aborts or the returned function is called. A late tick is not made up for. */
  interval(periodMs: number, tick: () => void, options?: { readonly signal?: AbortSignal | undefined }): () => void;
}

/** Real time. */
export class WallClock implements Clock {
  now(): number {
    return Date.now();
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
    sleep: (ms, options) => clock.sleep(ms, { signal: own(options?.signal) }),
    interval: (periodMs, tick, options) => clock.interval(periodMs, tick, { signal: own(options?.signal) }),
  };
}

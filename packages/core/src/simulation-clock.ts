import type { Clock } from "./clock.ts";

interface Timer {
  readonly atMs: number;
  fire(): void;
}

interface SleepOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Time that passes only when told to: `advance` steps it, `run` lets it pass as fast as the work in between allows.
 * Begins at 0. Whatever is due at one moment is done, and its promises are followed up, before time goes on. It orders
 * the work of one process only.
 */
export class SimulationClock implements Clock {
  #nowMs = 0;
  /** Sorted, next first; of one moment, in the order in which they were asked for. */
  readonly #timers: Timer[] = [];
  #wake: (() => void) | undefined;

  now(): number {
    return this.#nowMs;
  }

  date(): Date {
    return new Date(this.#nowMs);
  }

  sleep(ms: number, { signal }: SleepOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        this.#remove(timer);
        reject(signal?.reason);
      };
      const fire = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const timer = this.#add(ms, fire);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  interval(periodMs: number, tick: () => void, { signal }: SleepOptions = {}): () => void {
    if (signal?.aborted === true) return () => {};
    const fire = () => {
      timer = this.#add(periodMs, fire);
      tick();
    };
    let timer = this.#add(periodMs, fire);
    const stop = () => {
      this.#remove(timer);
      signal?.removeEventListener("abort", stop);
    };
    signal?.addEventListener("abort", stop, { once: true });
    return stop;
  }

  /** Lets `ms` pass, with everything that is due meanwhile. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (let timer = this.#timers[0]; timer !== undefined && timer.atMs <= endMs; timer = this.#timers[0]) {
      this.#fireNext();
      await settle();
    }
    this.#nowMs = endMs;
  }

  /** Lets time pass until the signal aborts: from one due moment to the next, without waiting. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = () => this.#wake?.();
    signal.addEventListener("abort", stop, { once: true });
    while (!signal.aborted) {
      await settle();
      if (signal.aborted) break;
      if (this.#timers.length > 0) this.#fireNext();
      else await this.#untilTimer();
    }
    signal.removeEventListener("abort", stop);
  }

  #fireNext(): void {
    const timer = this.#timers.shift() as Timer;
    this.#nowMs = Math.max(this.#nowMs, timer.atMs);
    timer.fire();
  }

  #untilTimer(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #add(ms: number, fire: () => void): Timer {
    const timer = { atMs: this.#nowMs + Math.max(ms, 0), fire };
    let index = this.#timers.length;
    while (index > 0 && timer.atMs < (this.#timers[index - 1] as Timer).atMs) index--;
    this.#timers.splice(index, 0, timer);
    this.#wake?.();
    this.#wake = undefined;
    return timer;
  }

  #remove(timer: Timer): void {
    const index = this.#timers.indexOf(timer);
    if (index >= 0) this.#timers.splice(index, 1);
  }
}

/** Promise callbacks, and what they set off, are done before the next immediate. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

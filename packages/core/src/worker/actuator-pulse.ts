import inspector from "node:inspector";

/** How often the event loop shows the guard that it turns. */
const PULSE_MS = 50;

/** Positions in what the main thread and its guard share. */
export const PULSE = { beats: 0, isWatched: 1, wake: 2 } as const;

/** The main thread's end of the watch over an actuator's event loop: `guard.ts` has the other one. */
export class ActuatorPulse {
  /** Shared with the guard. */
  readonly shared = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  #timer: NodeJS.Timeout | undefined;

  /** Begins when an actuator has started, and ends when it stops: imports and `start()` may block. */
  watch(isWatched: boolean): void {
    clearInterval(this.#timer);
    this.#timer = isWatched ? setInterval(() => this.#beat(), PULSE_MS).unref() : undefined;
    Atomics.store(this.shared, PULSE.isWatched, 0);
    if (isWatched) this.#beat();
  }

  /** Whoever debugs stands still on purpose. */
  #beat(): void {
    Atomics.add(this.shared, PULSE.beats, 1);
    Atomics.store(this.shared, PULSE.isWatched, inspector.url() === undefined ? 1 : 0);
  }
}

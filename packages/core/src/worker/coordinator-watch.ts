import type { Hold } from "../safety/hold.ts";
import { mainThread, StallMeter } from "./stall-meter.ts";

/** How often the coordinator shows an actuator's worker that its event loop runs. */
export const BEAT_MS = 250;
/** An actuator is held when its worker has heard no beat for this long. */
const SILENCE_MS = 1_000;
const LOOK_MS = 100;

/**
 * An actuator's worker watches its coordinator: without a beat for `SILENCE_MS` the actuator is held. Time in which the
 * coordinator was ready to run and had no processor does not count, nor time in which this worker was held up itself.
 */
export class CoordinatorWatch {
  readonly #hold: Hold;
  readonly #meter: StallMeter;
  #beats = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(coordinatorPid: number, hold: Hold) {
    this.#hold = hold;
    this.#meter = new StallMeter(2 * LOOK_MS, () => mainThread(coordinatorPid));
  }

  /** The coordinator runs. The first beat, which comes when the load that deployed the actuator has ended, begins the watch. */
  beat(): void {
    this.#beats++;
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
    this.#hold.remove("coordinator-silent");
  }

  /** No actuator is left here. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#hold.remove("coordinator-silent");
  }

  #look(): void {
    if (this.#meter.read(this.#beats, performance.now()) >= SILENCE_MS) this.#hold.add("coordinator-silent");
  }
}

import { type Clock, SteadyClock } from "./clock.ts";
import { monotonicMs } from "./stream/delivery.ts";

// The clock for other processes of a run. Light to import: a simulator starts without the rest of this package, so what
// is thrown here is no `DimosError`.

/** In the environment of every process of a run: the base of its clock, in milliseconds. */
export const CLOCK_BASE_VARIABLE = "DIMOS_CLOCK_BASE_MS";

/** The base for a run that starts now. */
export function newClockBaseMs(): number {
  return Date.now() - monotonicMs();
}

/**
 * The clock of the run that started this process: `now()` is the same here as `this.clock.now()` in its modules. In a
 * process that no run started, a clock of its own. Throws a `RangeError` when the variable is set and is not a number:
 * stamps by another clock would be taken for old or future ones.
 */
export function clockOfRun(env: Readonly<Record<string, string | undefined>> = process.env): Clock {
  const text = env[CLOCK_BASE_VARIABLE];
  if (text === undefined) return new SteadyClock(newClockBaseMs());
  const baseMs = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(baseMs)) {
    throw new RangeError(
      `${CLOCK_BASE_VARIABLE} is "${text}", not a number of milliseconds. The run sets it for its processes: leave it out to start this one without a run`,
    );
  }
  return new SteadyClock(baseMs);
}

import { type Clock, SteadyClock } from "../clock.ts";
import type { GlobalConfig } from "../config/global-config.ts";
import { SimulationClock } from "../simulation-clock.ts";

/** The clock that the modules of a run share; simulated time passes until `ended`. */
export function startClock(kind: GlobalConfig["clock"], baseMs: number, ended: AbortSignal): Clock {
  if (kind === "wall") return new SteadyClock(baseMs);
  const clock = new SimulationClock();
  void clock.run(ended);
  return clock;
}

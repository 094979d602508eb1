import { type Clock, WallClock } from "../clock.ts";
import type { GlobalConfig } from "../config/global-config.ts";
import { SimulationClock } from "../simulation-clock.ts";

/** The clock that the modules of a run share; simulated time passes until `ended`. */
export function startClock(kind: GlobalConfig["clock"], ended: AbortSignal): Clock {
  if (kind === "wall") return new WallClock();
  const clock = new SimulationClock();
  void clock.run(ended);
  return clock;
}

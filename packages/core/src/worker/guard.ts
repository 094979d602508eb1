import { workerData } from "node:worker_threads";
import { PULSE } from "./actuator-pulse.ts";
import { StallMeter } from "./stall-meter.ts";

// A thread of every worker process. It ends the process when the coordinator is gone and the main thread, which knows it
// as well, did not end in time; and when the event loop of a worker that drives actuators stands still, which cannot stop
// what it drives any more. A main thread in an endless loop does neither.

interface GuardData {
  readonly coordinatorPid: number;
  /** How long the main thread has when the coordinator is gone, milliseconds. */
  readonly graceMs: number;
  /** How long the event loop of an actuator's worker may stand still, milliseconds. */
  readonly stallMs: number;
  /** The main thread's `ActuatorPulse`. */
  readonly pulse: Int32Array;
}

const POLL_MS = 150;
/** While an actuator is watched. */
const WATCH_MS = 50;
const { coordinatorPid, graceMs, stallMs, pulse } = workerData as GuardData;
const meter = new StallMeter(2 * WATCH_MS);

// Whoever loses its parent is given to another one.
while (process.ppid === coordinatorPid) {
  const isWatched = Atomics.load(pulse, PULSE.isWatched) === 1;
  const stalledMs = isWatched ? meter.read(Atomics.load(pulse, PULSE.beats), performance.now()) : 0;
  if (stalledMs >= stallMs) process.kill(process.pid, "SIGKILL");
  Atomics.wait(pulse, PULSE.wake, 0, isWatched ? WATCH_MS : POLL_MS);
}
Atomics.wait(pulse, PULSE.wake, 0, graceMs);
process.kill(process.pid, "SIGKILL");

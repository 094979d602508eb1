import inspector from "node:inspector";
import { isTraced, mainThread, StallMeter } from "../worker/stall-meter.ts";
import type { Worker } from "../worker/worker.ts";

const TICK_MS = 250;
/** A tick that comes later means that this process itself was held up. */
const HELD_UP_MS = 4 * TICK_MS;
/** A worker that says nothing for this long is reported. */
export const UNRESPONSIVE_MS = 5_000;
/** Silence is measured from this point on: two heartbeats should have arrived. */
const MEASURED_MS = 2 * TICK_MS;

export interface WorkerListener {
  /** Once when a worker has been silent for 5 s, once when that is over. */
  silent(worker: Worker, isResponsive: boolean): void;
  /**
   * Again and again while a worker is silent by its own doing, with how long that has been: its main thread runs, is
   * blocked or stopped, and does not wait for a processor. Time at a debugger, and time in which one of its modules is
   * imported, constructed, built, started or stopped, does not count.
   */
  stalled(worker: Worker, stalledMs: number): void;
}

/**
 * Watches the event loops of workers. Sees nothing while this process itself is debugged, and nothing of the time in
 * which it was held up.
 */
export function watchWorkers(workers: () => readonly Worker[], listener: WorkerListener, signal: AbortSignal): void {
  const silent = new Set<string>();
  const meters = new Map<string, StallMeter>();
  let lastMs = performance.now();
  const watch = (worker: Worker, isExcused: boolean) => {
    const { name, pid, silentMs, heard } = worker;
    if (silentMs < MEASURED_MS) {
      meters.delete(name);
      return;
    }
    const meter = meters.get(name) ?? new StallMeter(HELD_UP_MS, () => mainThread(pid));
    meters.set(name, meter);
    const stalledMs = meter.read(
      heard,
      lastMs,
      isExcused || worker.isAtModuleLife || worker.isDebugged || isTraced(pid),
    );
    if (stalledMs > 0) listener.stalled(worker, stalledMs);
  };
  const report = (worker: Worker) => {
    const isSilent = worker.silentMs > UNRESPONSIVE_MS;
    if (isSilent === silent.has(worker.name)) return;
    if (isSilent) silent.add(worker.name);
    else silent.delete(worker.name);
    listener.silent(worker, !isSilent);
  };
  const timer = setInterval(() => {
    const isExcused = performance.now() - lastMs > HELD_UP_MS || isDebugged();
    lastMs = performance.now();
    const watched = workers();
    const names = new Set(watched.map(({ name }) => name));
    for (const name of meters.keys()) if (!names.has(name)) meters.delete(name);
    for (const worker of watched) {
      if (!isExcused) report(worker);
      watch(worker, isExcused);
    }
  }, TICK_MS);
  timer.unref();
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

function isDebugged(): boolean {
  return inspector.url() !== undefined || process.execArgv.some((argument) => argument.startsWith("--inspect"));
}

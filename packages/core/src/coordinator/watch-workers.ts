import inspector from "node:inspector";
import type { Worker } from "../worker/worker.ts";

const TICK_MS = 250;
/** A worker that says nothing for this long is reported. */
export const UNRESPONSIVE_MS = 5_000;

/**
 * Reports workers whose event loop does not turn: once when that is seen, once when it is over. Never while somebody
 * debugs, and not when this process itself was held up.
 */
export function watchWorkers(
  workers: () => readonly Worker[],
  report: (worker: Worker, isResponsive: boolean, silentMs: number) => void,
  signal: AbortSignal,
): void {
  const silent = new Set<string>();
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const wasHeldUp = performance.now() - lastMs > 4 * TICK_MS;
    lastMs = performance.now();
    if (wasHeldUp || isDebugged()) return;
    for (const worker of workers()) {
      const isSilent = worker.silentMs > UNRESPONSIVE_MS;
      if (isSilent === silent.has(worker.name)) continue;
      if (isSilent) silent.add(worker.name);
      else silent.delete(worker.name);
      report(worker, !isSilent, worker.silentMs);
    }
  }, TICK_MS);
  timer.unref();
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

function isDebugged(): boolean {
  return inspector.url() !== undefined || process.execArgv.some((argument) => argument.startsWith("--inspect"));
}

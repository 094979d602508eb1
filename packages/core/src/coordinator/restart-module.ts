import type { Logger } from "../log/logger.ts";
import type { RunEmitter } from "../report/events.ts";
import type { CapabilityRegistry } from "../safety/capability-registry.ts";
import type { Deployment } from "./deployment.ts";
import type { ModuleCalls } from "./module-calls.ts";
import { Restart } from "./restart.ts";
import type { Supervisor } from "./supervisor.ts";
import { tellLoss } from "./tell-loss.ts";

interface RestartServices {
  readonly deployment: Deployment;
  readonly calls: ModuleCalls;
  readonly supervisor: Supervisor;
  readonly capabilities: CapabilityRegistry;
  readonly events: RunEmitter;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly stopTimeoutMs: number;
  /** Ends a worker that no module is on any more. */
  retire(worker: string): Promise<void>;
  changed(): void;
}

/** Replaces a module of a run, with all that the run keeps about it: calls wait, drivers hear of it, what it held is free. */
export async function restartModule(instance: string, reloadSource: boolean, services: RestartServices): Promise<void> {
  const { deployment, calls, supervisor, capabilities, events, log, signal, stopTimeoutMs, changed } = services;
  let pausedAtMs = performance.now();
  let resume = () => {};
  const restart = new Restart(instance, deployment, {
    reloadSource,
    log,
    signal,
    stopTimeoutMs,
    // While the new instance is prepared, the old one answers.
    onPause: () => {
      pausedAtMs = performance.now();
      resume = calls.pause(instance);
      tellLoss(deployment, [instance], "it was restarted");
    },
    onServing: () => {
      resume();
      changed();
    },
    retire: (worker) => services.retire(worker),
    onDown: (reason) => supervisor.fail(instance, reason),
  });
  try {
    await restart.run();
    supervisor.forget(instance);
    events.emit("moduleRestarted", { instance, cause: "asked" });
  } finally {
    capabilities.freeInstance(instance, pausedAtMs);
    resume();
    changed();
  }
}

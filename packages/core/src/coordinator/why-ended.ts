import { ACTUATOR_STALL_MS } from "../worker/messages.ts";
import { describeExit, type Worker, type WorkerExit } from "../worker/worker.ts";
import type { Deployment } from "./deployment.ts";

/** How a worker ended, in words. One that its own guard has ended could not say why. */
export function whyEnded(worker: Worker, exit: WorkerExit, { modules }: Deployment): string {
  const isActuator = [...modules.values()].some(
    (module) => module.worker === worker.name && module.plan.shape.actuator,
  );
  if (exit.killedFor !== undefined) return describeExit(exit);
  if (!isActuator || exit.signal !== "SIGKILL" || worker.silentMs < ACTUATOR_STALL_MS) return describeExit(exit);
  return `${describeExit(exit)}: it stood still for longer than ${ACTUATOR_STALL_MS} ms, and what drives actuators must not`;
}

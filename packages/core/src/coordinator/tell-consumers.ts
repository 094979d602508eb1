import type { WorkerEnd } from "../worker/worker-ends.ts";
import type { Deployment } from "./deployment.ts";

/** Those who do not take it in time learn it from their connection, without the reason. */
const TELL_TIMEOUT_MS = 2_000;

/** Tells the workers of those who refer to modules of a worker that has ended, so that their calls can say how. */
export function tellConsumers(deployment: Deployment, end: WorkerEnd, instances: readonly string[]): void {
  const consumers = instances.flatMap((instance) => deployment.consumersOf(instance).map(({ worker }) => worker));
  for (const consumer of new Set(consumers)) {
    if (deployment.pool.get(consumer) === undefined) continue;
    const request = { type: "WorkerEnded", ...end, instances } as const;
    void deployment.ask(consumer, request, TELL_TIMEOUT_MS).catch(() => undefined);
  }
}

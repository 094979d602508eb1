import type { Logger } from "../log/logger.ts";
import type { Deployment } from "./deployment.ts";
import { endBlocked } from "./end-blocked.ts";
import { tellLoss } from "./tell-loss.ts";

/** Takes a module out of the run: others that refer to it get a fast, named error, its topics and skills are gone. */
export async function unloadModule(
  instance: string,
  deployment: Deployment,
  log: Logger,
  timeoutMs: number,
  retire: (worker: string) => Promise<void>,
): Promise<void> {
  const { modules, pool } = deployment;
  const { worker } = deployment.running(instance);
  deployment.running(instance).state = "stopping";
  tellLoss(deployment, [instance], "it was unloaded");
  await deployment.tellGone(instance);
  if (pool.get(worker) !== undefined)
    await deployment
      .undeploy(instance, worker, timeoutMs)
      .catch((error: unknown) => log.warn(`${instance} did not stop cleanly`, { err: error }));
  modules.delete(instance);
  pool.remove(worker, instance);
  await endBlocked(worker, pool, log);
  if (pool.isEmpty(worker)) await retire(worker);
  await deployment.wireAll([]);
}

import { startOrder } from "../blueprint/start-order.ts";
import { type Deployment, needsOf } from "./deployment.ts";

/**
 * Takes modules that were constructed anew into the run: wired, referred to, built and started, providers first. Those
 * that refer to one find it once it has started.
 */
export async function bringUp(group: readonly string[], deployment: Deployment, signal: AbortSignal): Promise<void> {
  await deployment.wireAll(group, signal);
  for (const instance of group) await deployment.setRefs(deployment.running(instance), signal);
  const needs = new Map(group.map((instance) => [instance, needsOf(deployment.running(instance))]));
  const order = startOrder(needs).flat();
  for (const instance of order) await deployment.build(instance, signal);
  for (const instance of order) {
    await deployment.start(instance, signal);
    await deployment.setRefsTo(instance, signal);
    deployment.markRunning(instance);
  }
}

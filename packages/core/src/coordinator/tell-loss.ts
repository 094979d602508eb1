import type { PlannedModule } from "../blueprint/streams.ts";
import type { PathLoss } from "../stream/path-loss.ts";
import { outputsThrough, ownOutputs } from "./actuator-path.ts";
import type { Deployment } from "./deployment.ts";

/** Those who do not take it in time have it in their channel all the same. */
const TELL_TIMEOUT_MS = 2_000;

/**
 * Tells the modules whose messages passed through `lost` on their way to an actuator, or ended there, and those that took
 * messages of it. The channel to a worker keeps its order: they know before they are told where the next instance is, and
 * that waits for their answer.
 */
export function tellLoss(deployment: Deployment, lost: readonly string[], reason: string): void {
  const plans = plansOf(deployment);
  for (const name of lost)
    for (const [instance, ports] of byInstance(outputsThrough(name, plans), inputsFrom(name, plans)))
      if (!lost.includes(instance)) tell(deployment, instance, ports, { instance: name, reason });
}

/**
 * The same of modules whose worker is stopped, and may go on: they are told as well, and hear it then. Their own goals are
 * as stale as those of others who drive through them.
 */
export function tellStopped(deployment: Deployment, stopped: readonly string[], reason: string): void {
  const plans = plansOf(deployment);
  for (const name of stopped) {
    const ports = byInstance(outputsThrough(name, plans), ownOutputs(name, plans), inputsFrom(name, plans));
    for (const [instance, names] of ports) tell(deployment, instance, names, { instance: name, reason });
  }
}

function tell(deployment: Deployment, instance: string, ports: readonly string[], loss: PathLoss): void {
  const { worker } = deployment.running(instance);
  if (deployment.pool.get(worker) === undefined) return;
  const request = { type: "PathLost", instance, ports, loss } as const;
  void deployment.ask(worker, request, TELL_TIMEOUT_MS).catch(() => undefined);
}

/** The inputs of other modules, by module, on topics that this one publishes to. */
function inputsFrom(instance: string, modules: readonly PlannedModule[]): [string, string[]][] {
  const source = modules.find((module) => module.instance === instance);
  const ports = source?.shape.ports.filter(({ direction }) => direction !== "in") ?? [];
  const published = new Set(ports.map(({ name }) => source?.topics[name]));
  return modules
    .filter((module) => module !== source)
    .map(({ instance: taker, shape, topics }) => {
      const inputs = shape.ports.filter(({ name, direction }) => direction !== "out" && published.has(topics[name]));
      return [taker, inputs.map(({ name }) => name)];
    });
}

/** Each module is told once: of its path first, which is what it can do least without. */
function byInstance(...lists: readonly Iterable<readonly [string, readonly string[]]>[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const list of lists)
    for (const [instance, ports] of list)
      if (ports.length > 0) all.set(instance, [...(all.get(instance) ?? []), ...ports]);
  return all;
}

function plansOf({ modules }: Deployment): readonly PlannedModule[] {
  return [...modules.values()].map(({ plan }) => plan);
}

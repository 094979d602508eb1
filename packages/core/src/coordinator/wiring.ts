import type { PlannedModule } from "../blueprint/streams.ts";
import type { PortWiring } from "../worker/messages.ts";

/** A module and the worker it is on. */
export interface PlacedModule {
  readonly plan: PlannedModule;
  readonly worker: string;
}

/** Names of the workers whose data sockets others connect to: they publish a topic that another worker receives. */
export function publishingWorkers(modules: readonly PlacedModule[]): Set<string> {
  const publishing = new Set<string>();
  for (const receiver of modules) {
    for (const port of receiver.plan.shape.ports) {
      if (port.direction === "out") continue;
      for (const name of publishersOf(topicOf(receiver, port.name), receiver.worker, modules)) publishing.add(name);
    }
  }
  return publishing;
}

/**
 * How every port of a module is wired: its topic, and where that comes from.
 *
 * @param outside data sockets of what publishes from outside of the run, by topic
 */
export function wiringOf(
  module: PlacedModule,
  modules: readonly PlacedModule[],
  dataSockets: ReadonlyMap<string, string>,
  outside: ReadonlyMap<string, string> = new Map(),
): PortWiring[] {
  return module.plan.shape.ports.map((port) => {
    const topic = topicOf(module, port.name);
    const workers = port.direction === "out" ? [] : publishersOf(topic, module.worker, modules);
    const publishers = workers.map((name) => dataSockets.get(name) as string);
    const extra = port.direction === "out" ? undefined : outside.get(topic);
    if (extra !== undefined) publishers.push(extra);
    return { port: port.name, topic, qos: port.qos, publishers };
  });
}

export function topicOf(module: PlacedModule, port: string): string {
  return `/${module.plan.topics[port]}`;
}

/** Other workers with a module that publishes the topic. */
function publishersOf(topic: string, ownWorker: string, modules: readonly PlacedModule[]): string[] {
  const publishers = modules.filter(
    (module) =>
      module.worker !== ownWorker &&
      module.plan.shape.ports.some((port) => port.direction !== "in" && topicOf(module, port.name) === topic),
  );
  return [...new Set(publishers.map((module) => module.worker))];
}

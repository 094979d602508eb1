import type { PlannedModule } from "../blueprint/streams.ts";
import { pinnedTransports } from "../blueprint/transports.ts";
import type { Transport } from "../transport.ts";
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

/** What the wiring of a run depends on beside its modules. */
export interface WiringSources {
  /** By worker. */
  readonly dataSockets: ReadonlyMap<string, string>;
  /** Data sockets of what publishes from outside of the run, by topic. */
  readonly outside: ReadonlyMap<string, string>;
  /** Of streams that no blueprint pins. */
  readonly transport: Transport;
}

/** How every port of a module is wired: its topic, where that comes from, and how it travels. */
export function wiringOf(
  module: PlacedModule,
  modules: readonly PlacedModule[],
  { dataSockets, outside, transport }: WiringSources,
): PortWiring[] {
  const pins = pinnedTransports(modules.map(({ plan }) => plan));
  return module.plan.shape.ports.map((port) => {
    const topic = topicOf(module, port.name);
    const workers = port.direction === "out" ? [] : publishersOf(topic, module.worker, modules);
    const publishers = workers.map((name) => dataSockets.get(name) as string);
    const extra = port.direction === "out" ? undefined : outside.get(topic);
    if (extra !== undefined) publishers.push(extra);
    const wanted = pins.get(module.plan.topics[port.name] as string) ?? transport;
    return { port: port.name, topic, qos: port.qos, transport: isLocal(topic, modules) ? "auto" : wanted, publishers };
  });
}

/** Nothing of it travels between workers, so nothing has to be there for that. */
function isLocal(topic: string, modules: readonly PlacedModule[]): boolean {
  const workers = modules.filter((module) =>
    module.plan.shape.ports.some(({ name }) => topicOf(module, name) === topic),
  );
  return new Set(workers.map(({ worker }) => worker)).size === 1;
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

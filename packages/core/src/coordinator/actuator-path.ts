import type { PlannedModule } from "../blueprint/streams.ts";

/** The module's own outputs whose messages get to an actuator. */
export function ownOutputs(instance: string, modules: readonly PlannedModule[]): (readonly [string, string[]])[] {
  const own = modules.find((module) => module.instance === instance);
  const outputs = own?.shape.ports.filter(({ direction }) => direction === "out") ?? [];
  const leading = outputs.filter(({ messageName }) =>
    reachable(own as PlannedModule, messageName, modules, true).some(
      (module) => module !== own && module.shape.actuator && takes(module, messageName),
    ),
  );
  return leading.length === 0 ? [] : [[instance, leading.map(({ name }) => name)]];
}

/**
 * The outputs, by module, whose messages get to an actuator by this module, or to this one if it is the actuator. A module
 * passes on what it takes and publishes in the same message type: a velocity leads to the legs, a scan of them does not.
 */
export function outputsThrough(instance: string, modules: readonly PlannedModule[]): Map<string, string[]> {
  const outputs = new Map<string, string[]>();
  const middle = modules.find((module) => module.instance === instance);
  const types = new Set(middle?.shape.ports.map(({ messageName }) => messageName));
  for (const type of types) {
    const reach = (from: PlannedModule, isDownstream: boolean) => reachable(from, type, modules, isDownstream);
    if (middle === undefined || !reach(middle, true).some((module) => module.shape.actuator && takes(module, type)))
      continue;
    const upstream = reach(middle, false);
    for (const module of upstream) {
      const ports = module.shape.ports.filter(
        (port) =>
          port.direction === "out" &&
          port.messageName === type &&
          upstream.some((other) => topics(other, type, "out").has(module.topics[port.name] as string)),
      );
      if (module === middle || ports.length === 0) continue;
      outputs.set(module.instance, [...(outputs.get(module.instance) ?? []), ...ports.map(({ name }) => name)]);
    }
  }
  return outputs;
}

/** The module itself, and those that its messages of a type go to, or come from, over any number of others. */
function reachable(
  from: PlannedModule,
  type: string,
  modules: readonly PlannedModule[],
  isDownstream: boolean,
): PlannedModule[] {
  const found = [from];
  const [own, others] = isDownstream ? (["in", "out"] as const) : (["out", "in"] as const);
  for (const module of found) {
    // An actuator passes nothing on: its velocities end in its legs.
    if (isDownstream ? module.shape.actuator : module !== from && module.shape.actuator) continue;
    const left = topics(module, type, own);
    for (const next of modules)
      if (!found.includes(next) && [...topics(next, type, others)].some((topic) => left.has(topic))) found.push(next);
  }
  return found;
}

/** Topics of a module's ports of a type, without those of the other direction only. */
function topics({ shape, topics }: PlannedModule, type: string, without: "in" | "out"): Set<string> {
  const ports = shape.ports.filter(({ messageName, direction }) => messageName === type && direction !== without);
  return new Set(ports.map(({ name }) => topics[name] as string));
}

function takes(module: PlannedModule, type: string): boolean {
  return topics(module, type, "out").size > 0;
}

import { withQos } from "../blueprint/qos-overrides.ts";
import type { RefResolution } from "../blueprint/resolve-refs.ts";
import { checkStreams, type PlannedModule } from "../blueprint/streams.ts";
import { ModuleSpecError } from "../errors.ts";
import type { ModuleDescription } from "../module/description.ts";
import type { ModuleShape } from "../module/shape.ts";
import { type Deployment, refCandidate, refsOf } from "./deployment.ts";
import type { PlannedEntry } from "./plan.ts";

/** The plan of a module as its worker has constructed it: ports that stayed keep their topics, new ones get their own name. */
export function adoptShape(plan: PlannedEntry, description: ModuleDescription): PlannedEntry {
  const { instance: _, rpcs: __, skills: ___, unoffered: ____, ...shape } = description;
  const prefix = plan.namespace === "" ? "" : `${plan.namespace}/`;
  // A port that is taken out keeps its topic for when it comes back.
  const own = Object.fromEntries(shape.ports.map(({ name }) => [name, `${prefix}${name}`]));
  const topics = { ...own, ...plan.topics };
  return { ...plan, shape: withQos(shape, plan.qos), topics };
}

/** Fits a newly constructed instance into what runs. Throws with what does not fit: its streams, or a reference. */
export function fitIn(
  old: PlannedEntry,
  description: ModuleDescription,
  deployment: Deployment,
): { readonly plan: PlannedEntry; readonly refs: ReadonlyMap<string, RefResolution> } {
  const plan = adoptShape(old, description);
  const { instance } = plan;
  const others = [...deployment.modules.values()]
    .map((module) => module.plan)
    .filter((other) => other.instance !== instance);
  checkStreams([...others, plan]);
  const consumers: PlannedModule[] = deployment.consumersOf(instance).map((module) => module.plan);
  const resolutions = deployment.resolve([plan, ...consumers], [refCandidate({ plan, description })]);
  return { plan, refs: refsOf(plan, resolutions) };
}

/** Throws when a port is gone, or is another one: somebody may be connected to it, also from outside of the run. */
export function checkPortsKept(before: ModuleShape, after: ModuleShape): void {
  const problems = before.ports.flatMap((port) => {
    const now = after.ports.find(({ name }) => name === port.name);
    const [was, is] = [port, now].map((of) => of && `${of.direction} ${of.messageName}`);
    if (was === is) return [];
    return [`port "${port.name}" (${was}) ${is === undefined ? "is gone" : `is ${is} now`}`];
  });
  if (problems.length > 0) throw new ModuleSpecError(problems.join(", "));
}

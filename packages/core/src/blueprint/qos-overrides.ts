import { didYouMean } from "@dimos/rpc";
import { BlueprintError } from "../errors.ts";
import type { ModuleClass } from "../module/module.ts";
import type { ModuleShape } from "../module/shape.ts";
import type { Keep, Qos } from "../qos.ts";
import { type BlueprintEntry, matchEntries } from "./entry.ts";

/** What a blueprint changes of a port's QoS; the rest stays. `latched` belongs to the stream, and so to its message type. */
export type QosOverride = Partial<Omit<Qos, "latched">>;

/** Module (class or instance name), an input of it, and what is different there. */
export type PortQos = readonly [module: ModuleClass | string, input: string, qos: QosOverride];

const KEEP: ReadonlySet<unknown> = new Set<Keep>(["latest", "queue", "all"]);
const FIELDS: ReadonlySet<string> = new Set<keyof QosOverride>(["keep", "depth", "maxAgeMs", "maxRateHz"]);

export function applyQos(entries: readonly BlueprintEntry[], overrides: readonly PortQos[]): BlueprintEntry[] {
  let result = [...entries];
  for (const [module, input, qos] of overrides) {
    const targets = new Set(matchEntries(result, module));
    result = result.map((entry) => (targets.has(entry) ? override(entry, input, qos) : entry));
  }
  return result;
}

/** The shape of a module with the QoS that counts at each of its ports in this blueprint. */
export function withQos<S extends ModuleShape>(shape: S, overrides: Readonly<Record<string, QosOverride>>): S {
  const ports = shape.ports.map((port) => {
    const changed = overrides[port.name];
    return changed === undefined ? port : { ...port, qos: { ...port.qos, ...changed } };
  });
  return { ...shape, ports };
}

function override(entry: BlueprintEntry, input: string, qos: QosOverride): BlueprintEntry {
  const inputs = entry.shape.ports.filter((port) => port.direction !== "out").map((port) => port.name);
  if (!inputs.includes(input)) {
    const isOutput = entry.shape.ports.some((port) => port.name === input);
    throw new BlueprintError(
      isOutput
        ? `${entry.instance}.${input} is an output: what waits, and how long, is up to each input that receives it`
        : `${entry.instance} has no input "${input}".${didYouMean(input, inputs)} Inputs: ${inputs.join(", ") || "none"}`,
    );
  }
  checkQos(`${entry.instance}.${input}`, qos);
  return { ...entry, qos: { ...entry.qos, [input]: { ...entry.qos[input], ...qos } } };
}

function checkQos(port: string, qos: QosOverride): void {
  for (const name of Object.keys(qos)) {
    if (!FIELDS.has(name))
      throw new BlueprintError(
        `QoS of ${port} has no field "${name}" to change.${didYouMean(name, FIELDS)} Fields: ${[...FIELDS].join(", ")}`,
      );
  }
  if (qos.keep !== undefined && !KEEP.has(qos.keep))
    throw new BlueprintError(`QoS of ${port}: keep is one of ${[...KEEP].join(", ")}, got ${JSON.stringify(qos.keep)}`);
  if (qos.depth !== undefined && !(Number.isInteger(qos.depth) && qos.depth > 0))
    throw new BlueprintError(`QoS of ${port}: depth is a whole number of messages from 1, got ${qos.depth}`);
  for (const name of ["maxAgeMs", "maxRateHz"] as const) {
    const value = qos[name];
    if (value !== undefined && !(value > 0))
      throw new BlueprintError(`QoS of ${port}: ${name} is above 0, got ${value}`);
  }
}

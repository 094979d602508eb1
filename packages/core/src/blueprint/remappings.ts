import { didYouMean } from "@dimos/rpc";
import { BlueprintError } from "../errors.ts";
import type { ModuleClass } from "../module/module.ts";
import { type BlueprintEntry, matchEntries } from "./entry.ts";

/** Module (class or instance name), port or reference of it, new stream name or the instance to refer to. */
export type Remapping = readonly [module: ModuleClass | string, name: string, to: string];

export function applyRemappings(
  entries: readonly BlueprintEntry[],
  remappings: readonly Remapping[],
): BlueprintEntry[] {
  let result = [...entries];
  for (const [module, name, to] of remappings) {
    const targets = new Set(matchEntries(result, module));
    result = result.map((entry) => (targets.has(entry) ? remap(entry, name, to) : entry));
  }
  return result;
}

function remap(entry: BlueprintEntry, name: string, to: string): BlueprintEntry {
  const renamed = Object.entries(entry.topics).filter(([port, topic]) => port === name || topic === name);
  if (renamed.length > 0) {
    return { ...entry, topics: { ...entry.topics, ...Object.fromEntries(renamed.map(([port]) => [port, to])) } };
  }
  if (entry.shape.refs.some((ref) => ref.name === name)) {
    return { ...entry, refTargets: { ...entry.refTargets, [name]: to } };
  }
  const known = [...Object.keys(entry.topics), ...entry.shape.refs.map((ref) => ref.name)];
  throw new BlueprintError(
    `${entry.instance} has no stream or reference "${name}" to remap.${didYouMean(name, known)}`,
  );
}

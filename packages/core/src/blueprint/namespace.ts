import { didYouMean } from "@dimos/rpc";
import { BlueprintError } from "../errors.ts";
import type { BlueprintEntry } from "./entry.ts";

const PREFIX = /^[a-z][a-z0-9_]*$/i;

function checkNamespace(prefix: string, expose: readonly string[], entries: readonly BlueprintEntry[]): void {
  if (!PREFIX.test(prefix)) {
    throw new BlueprintError(
      `Namespace "${prefix}" is not a name: use letters, digits and "_", beginning with a letter`,
    );
  }
  const streams = new Set(entries.flatMap((entry) => Object.values(entry.topics)));
  for (const name of expose) {
    if (!streams.has(name)) {
      throw new BlueprintError(
        `Namespace "${prefix}" cannot expose "${name}": no module has that stream.${didYouMean(name, streams)} Streams: ${[...streams].sort().join(", ")}`,
      );
    }
  }
}

/** Everything under a prefix, except the streams in `expose`. */
export function inNamespace(
  entries: readonly BlueprintEntry[],
  prefix: string,
  expose: readonly string[],
): BlueprintEntry[] {
  checkNamespace(prefix, expose, entries);
  const inside = new Set(entries.map((entry) => entry.instance));
  const rename = (name: string) => (expose.includes(name) ? name : `${prefix}/${name}`);
  return entries.map((entry) => ({
    ...entry,
    instance: `${prefix}/${entry.instance}`,
    namespace: entry.namespace === "" ? prefix : `${prefix}/${entry.namespace}`,
    topics: mapValues(entry.topics, rename),
    // A reference that is pinned to a module outside goes on meaning that module.
    refTargets: mapValues(entry.refTargets, (target) => (inside.has(target) ? `${prefix}/${target}` : target)),
  }));
}

function mapValues(record: Readonly<Record<string, string>>, map: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

import { didYouMean } from "@dimos/rpc";
import { BlueprintError } from "../errors.ts";
import { TRANSPORTS, type Transport } from "../transport.ts";
import type { BlueprintEntry } from "./entry.ts";

/** Streams by name, as in `{ colorImage: "socket" }`, and how they travel between workers. */
export type PinnedTransports = Readonly<Record<string, Transport>>;

type Ports = Pick<BlueprintEntry, "instance" | "topics" | "transports">;

/** Pins are kept at the ports of their streams, so that they go along into namespaces and with remappings. */
export function applyTransports(entries: readonly BlueprintEntry[], pins: PinnedTransports): BlueprintEntry[] {
  const streams = new Set(entries.flatMap(({ topics }) => Object.values(topics)));
  for (const [name, transport] of Object.entries(pins)) {
    if (!streams.has(name))
      throw new BlueprintError(
        `There is no stream "${name}" to pin a transport of.${didYouMean(name, streams)} Streams: ${[...streams].sort().join(", ") || "none"}`,
      );
    if (!TRANSPORTS.includes(transport))
      throw new BlueprintError(
        `Stream "${name}" has no transport ${JSON.stringify(transport)}.${didYouMean(String(transport), TRANSPORTS)} Transports: ${TRANSPORTS.join(", ")}`,
      );
  }
  return entries.map((entry) => {
    const own = Object.entries(entry.topics).filter(([, topic]) => Object.hasOwn(pins, topic));
    const pinned = own.map(([port, topic]) => [port, pins[topic] as Transport]);
    return { ...entry, transports: { ...entry.transports, ...Object.fromEntries(pinned) } };
  });
}

/** The transports of pinned streams, by stream name. A pin at any end of a stream is one of the whole stream. */
export function pinnedTransports(modules: readonly Ports[]): ReadonlyMap<string, Transport> {
  const pins = new Map<string, Transport>();
  for (const { topics, transports } of modules) {
    for (const [port, transport] of Object.entries(transports)) pins.set(topics[port] as string, transport);
  }
  return pins;
}

/** Fails when the ends of one stream are pinned to different transports: all such streams at once, with who pins what. */
export function checkTransports(modules: readonly Ports[]): void {
  const streams = new Map<string, Map<Transport, string[]>>();
  for (const { instance, topics, transports } of modules) {
    for (const [port, transport] of Object.entries(transports)) {
      const stream = topics[port] as string;
      const pins = streams.get(stream) ?? new Map<Transport, string[]>();
      streams.set(stream, pins);
      pins.set(transport, [...(pins.get(transport) ?? []), `${instance}.${port}`]);
    }
  }
  const conflicts = [...streams].filter(([, pins]) => pins.size > 1).map(([stream, pins]) => describe(stream, pins));
  if (conflicts.length > 0) throw new BlueprintError(conflicts.join("\n"));
}

function describe(stream: string, pins: ReadonlyMap<Transport, readonly string[]>): string {
  const uses = [...pins].map(([transport, ends]) => `"${transport}" (${ends.join(", ")})`).join(" and ");
  const [first] = pins.keys();
  return `Stream "${stream}" is pinned to several transports: ${uses}. Choose one for the whole: .transports({ "${stream}": "${first}" })`;
}

import { BlueprintError } from "../errors.ts";
import type { Transport } from "../transport.ts";
import type { BlueprintEntry } from "./entry.ts";
import { pinnedTransports } from "./transports.ts";

export type PlannedModule = Pick<
  BlueprintEntry,
  "instance" | "namespace" | "shape" | "topics" | "refTargets" | "qos" | "transports" | "disabled"
>;

/** A port of a module, as one end of a stream. */
export interface StreamEnd {
  readonly instance: string;
  readonly port: string;
}

/** One typed flow: the ports that carry this message type on this topic. */
export interface Stream {
  /** Wire name, `/robot0/image`. */
  readonly topic: string;
  /** Message name, `sensor_msgs/Image`. */
  readonly type: string;
  readonly publishers: readonly StreamEnd[];
  readonly subscribers: readonly StreamEnd[];
  /** What the blueprint pins it to; undefined for one that travels as the settings of the run say. */
  readonly transport: Transport | undefined;
}

/** Every stream of these modules, sorted by topic. A port of both directions is a publisher and a subscriber. */
export function streamsOf(modules: readonly PlannedModule[]): Stream[] {
  const streams = new Map<string, Stream & { publishers: StreamEnd[]; subscribers: StreamEnd[] }>();
  const pins = pinnedTransports(modules);
  for (const { instance, shape, topics } of modules) {
    for (const { name: port, direction, messageName: type } of shape.ports) {
      const topic = `/${topics[port]}`;
      const key = JSON.stringify([topic, type]);
      const stream = streams.get(key) ?? {
        topic,
        type,
        publishers: [],
        subscribers: [],
        transport: pins.get(topics[port] as string),
      };
      streams.set(key, stream);
      if (direction !== "in") stream.publishers.push({ instance, port });
      if (direction !== "out") stream.subscribers.push({ instance, port });
    }
  }
  return [...streams.values()].sort((a, b) => order(a.topic, b.topic) || order(a.type, b.type));
}

/** Fails when one stream name carries several message types: every conflict at once, with its types and modules. */
export function checkStreams(modules: readonly PlannedModule[]): void {
  const conflicts = streamConflicts(modules);
  if (conflicts.length > 0) throw new BlueprintError(conflicts.join("\n"));
}

/** A sentence for every stream name that carries several message types. */
export function streamConflicts(modules: readonly PlannedModule[]): string[] {
  const streams = new Map<string, Map<string, StreamEnd[]>>();
  for (const { instance, shape, topics } of modules) {
    for (const { name: port, messageName } of shape.ports) {
      const stream = topics[port] as string;
      const types = streams.get(stream) ?? new Map<string, StreamEnd[]>();
      streams.set(stream, types);
      types.set(messageName, [...(types.get(messageName) ?? []), { instance, port }]);
    }
  }
  return [...streams].filter(([, types]) => types.size > 1).map(([stream, types]) => describeConflict(stream, types));
}

export function describeEnd({ instance, port }: StreamEnd): string {
  return `${instance}.${port}`;
}

/** The line that gives a port another stream. */
export function remapLine({ instance, port }: StreamEnd, to: string): string {
  return `.remappings([["${instance}", "${port}", "${to}"]])`;
}

function describeConflict(stream: string, types: ReadonlyMap<string, readonly StreamEnd[]>): string {
  const uses = [...types].map(([type, ends]) => `${type} (${ends.map(describeEnd).join(", ")})`).join(" and ");
  const last = [...types.values()].at(-1)?.[0] as StreamEnd;
  return `Stream "${stream}" has several message types: ${uses}. Rename one: ${remapLine(last, "another_name")}`;
}

/** Plain code unit order: the same everywhere, whatever the locale. */
export function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

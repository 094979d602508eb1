import type { Blueprint } from "./blueprint.ts";
import type { NearMiss } from "./near-misses.ts";
import { order, type Stream } from "./streams.ts";
import { type DanglingPort, type RefReport, type WiringReport, wiringReport } from "./wiring-report.ts";

/** A blueprint as a drawing would show it, as plain data. */
export interface BlueprintGraph {
  /** In the order of the blueprint. */
  readonly modules: readonly GraphModule[];
  /** Sorted by topic; one that nothing publishes to, or nobody receives, has an empty side. */
  readonly streams: readonly GraphStream[];
  readonly refs: readonly RefReport[];
  /** Why this blueprint cannot be loaded as it is. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export interface GraphModule {
  readonly instance: string;
  readonly className: string;
  /** `fleet/robot0`; empty without one. */
  readonly namespace: string;
  readonly isDisabled: boolean;
}

export interface GraphStream extends Stream {
  /** What a dangling end was probably meant for. */
  readonly nearMisses: readonly NearMiss[];
}

/** The graph of a blueprint. Nothing is started or constructed for it. */
export function graphOf(blueprint: Blueprint): BlueprintGraph {
  const report = wiringReport(blueprint);
  return {
    modules: blueprint.entries.map(({ instance, shape, namespace, disabled }) => ({
      instance,
      className: shape.className,
      namespace,
      isDisabled: disabled,
    })),
    streams: graphStreams(report),
    refs: report.refs,
    problems: [...report.conflicts, ...report.refs.flatMap(({ problem }) => problem ?? [])],
    warnings: report.warnings,
  };
}

/** The instance name without its namespace. */
export function localName({ instance, namespace }: GraphModule): string {
  return namespace === "" ? instance : instance.slice(namespace.length + 1);
}

function graphStreams(report: WiringReport): GraphStream[] {
  const loose = [
    ...bundle(report.danglingInputs, (subscribers) => ({ publishers: [], subscribers })),
    ...bundle(report.danglingOutputs, (publishers) => ({ publishers, subscribers: [] })),
  ];
  const connected = report.connected.map((stream) => ({ ...stream, nearMisses: [] }));
  return [...connected, ...loose].sort((a, b) => order(a.topic, b.topic) || order(a.type, b.type));
}

/** Ports of one topic and type are ends of one stream. */
function bundle(
  ports: readonly DanglingPort[],
  sides: (ends: Stream["publishers"]) => Pick<Stream, "publishers" | "subscribers">,
): GraphStream[] {
  const bundles = Map.groupBy(ports, ({ topic, type }) => JSON.stringify([topic, type]));
  return [...bundles.values()].map((same) => {
    const { topic, type } = same[0] as DanglingPort;
    const ends = same.map(({ instance, port }) => ({ instance, port }));
    return { topic, type, ...sides(ends), transport: undefined, nearMisses: same.flatMap((port) => port.nearMisses) };
  });
}

import { type BlueprintGraph, type GraphModule, type GraphStream, localName } from "./graph.ts";
import type { StreamEnd } from "./streams.ts";
import type { RefReport } from "./wiring-report.ts";

/** What graph formats have in common: nested boxes, nodes and arrows, with ids that no name of a module can disturb. */
export interface Drawing {
  readonly root: Cluster;
  /** Nodes that stand for no module: streams of many ends or with a loose end, and targets that are not known. */
  readonly extras: readonly DrawnNode[];
  readonly arrows: readonly Arrow[];
}

export interface Cluster {
  /** `fleet/robot0`; empty for the root. */
  readonly namespace: string;
  /** `robot0`, as the cluster around it says the rest. */
  readonly label: string;
  readonly nodes: readonly DrawnNode[];
  readonly clusters: readonly Cluster[];
}

export interface DrawnNode {
  readonly id: string;
  readonly lines: readonly string[];
  readonly kind: "module" | "disabled" | "stream" | "loose" | "unknown";
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly lines: readonly string[];
  readonly kind: "stream" | "ref";
}

export function drawingOf(graph: BlueprintGraph): Drawing {
  const ids = new Map(graph.modules.map(({ instance }, index) => [instance, `m${index}`]));
  const idOf = (instance: string) => ids.get(instance) as string;
  const streams = graph.streams.map((stream, index) => drawStream(stream, `s${index}`, idOf));
  const refs = graph.refs.map((ref, index) => drawRef(ref, `r${index}`, idOf));
  return {
    root: clusterOf("", graph.modules, idOf),
    extras: [...streams, ...refs].flatMap(({ node }) => node ?? []),
    arrows: [...streams, ...refs].flatMap(({ arrows }) => arrows),
  };
}

interface Drawn {
  readonly node?: DrawnNode;
  readonly arrows: readonly Arrow[];
}

function clusterOf(namespace: string, modules: readonly GraphModule[], idOf: (instance: string) => string): Cluster {
  const depth = namespace === "" ? 0 : namespace.split("/").length;
  const inside = modules.filter((module) => isWithin(module.namespace, namespace));
  const deeper = inside.filter((module) => module.namespace !== namespace);
  const children = new Set(
    deeper.map((module) =>
      module.namespace
        .split("/")
        .slice(0, depth + 1)
        .join("/"),
    ),
  );
  return {
    namespace,
    label: namespace.slice(namespace.lastIndexOf("/") + 1),
    nodes: inside
      .filter((module) => module.namespace === namespace)
      .map((module) => ({
        id: idOf(module.instance),
        lines: moduleLines(module),
        kind: module.isDisabled ? "disabled" : "module",
      })),
    clusters: [...children].map((child) => clusterOf(child, deeper, idOf)),
  };
}

/** The box around it says the namespace; the class is said where the name does not. */
function moduleLines(module: GraphModule): string[] {
  const name = localName(module);
  const className = name === module.className ? [] : [module.className];
  return [name, ...className, ...(module.isDisabled ? ["disabled"] : [])];
}

/** Arrows from port to port where one side has a single end; else a node, so that m × n ends need m + n arrows. */
function drawStream(stream: GraphStream, id: string, idOf: (instance: string) => string): Drawn {
  const { topic, type, publishers, subscribers, transport } = stream;
  const lines = [topic, type, ...(transport === undefined ? [] : [`by ${transport}`])];
  const isLoose = publishers.length === 0 || subscribers.length === 0;
  if (!isLoose && (publishers.length === 1 || subscribers.length === 1)) {
    const pairs = publishers.flatMap((from) => subscribers.map((to) => [from, to] as const));
    return {
      arrows: pairs
        .filter(([from, to]) => from.instance !== to.instance || from.port !== to.port)
        .map(([from, to]) => ({ from: idOf(from.instance), to: idOf(to.instance), lines, kind: "stream" })),
    };
  }
  const arrow = (from: string, to: string): Arrow => ({ from, to, lines: [], kind: "stream" });
  return {
    node: { id, lines, kind: isLoose ? "loose" : "stream" },
    arrows: [
      ...distinct(publishers).map((instance) => arrow(idOf(instance), id)),
      ...distinct(subscribers).map((instance) => arrow(id, idOf(instance))),
    ],
  };
}

function drawRef(ref: RefReport, id: string, idOf: (instance: string) => string): Drawn {
  const from = idOf(ref.instance);
  const arrow = (to: string): Arrow => ({ from, to, lines: [ref.ref], kind: "ref" });
  if (ref.targets.length > 0) return { arrows: ref.targets.map((target) => arrow(idOf(target))) };
  if (ref.state === "absent") return { arrows: [] };
  return { node: { id, lines: [ref.wants], kind: "unknown" }, arrows: [arrow(id)] };
}

function isWithin(namespace: string, outer: string): boolean {
  return outer === "" || namespace === outer || namespace.startsWith(`${outer}/`);
}

function distinct(ends: readonly StreamEnd[]): string[] {
  return [...new Set(ends.map(({ instance }) => instance))];
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

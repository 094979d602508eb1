import { type Arrow, type Cluster, type DrawnNode, drawingOf, indent } from "./drawing.ts";
import type { BlueprintGraph } from "./graph.ts";

const STYLES: Readonly<Record<DrawnNode["kind"], string>> = {
  module: "",
  disabled: ", style=dashed, fontcolor=gray",
  stream: ", shape=ellipse",
  loose: ", shape=ellipse, color=darkorange, fontcolor=darkorange",
  unknown: ", shape=hexagon, style=dotted",
};

/** A Graphviz digraph: namespaces are clusters, streams are arrows, references are dashed arrows. */
export function renderDot(graph: BlueprintGraph): string {
  const { root, extras, arrows } = drawingOf(graph);
  const lines = [
    "rankdir=LR;",
    "node [shape=box];",
    ...root.nodes.map(drawNode),
    ...root.clusters.flatMap(drawCluster),
    ...extras.map(drawNode),
    ...arrows.map(drawArrow),
  ];
  return ["digraph blueprint {", ...indent(lines), "}", ""].join("\n");
}

function drawCluster({ namespace, label, nodes, clusters }: Cluster): string[] {
  return [
    `subgraph ${quote([`cluster_${namespace}`])} {`,
    ...indent([`label=${quote([label])};`, ...nodes.map(drawNode), ...clusters.flatMap(drawCluster)]),
    "}",
  ];
}

function drawNode({ id, lines, kind }: DrawnNode): string {
  return `${id} [label=${quote(lines)}${STYLES[kind]}];`;
}

function drawArrow({ from, to, lines, kind }: Arrow): string {
  const label = lines.length === 0 ? [] : [`label=${quote(lines)}`];
  const attributes = [...label, ...(kind === "ref" ? ["style=dashed"] : [])];
  return `${from} -> ${to}${attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`};`;
}

function quote(lines: readonly string[]): string {
  return `"${lines.map((line) => line.replaceAll("\\", "\\\\").replaceAll('"', '\\"')).join("\\n")}"`;
}

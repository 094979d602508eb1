import { type Arrow, type Cluster, type DrawnNode, drawingOf, indent } from "./drawing.ts";
import type { BlueprintGraph } from "./graph.ts";

/** A Mermaid flowchart: namespaces are subgraphs, streams are arrows, references are dotted arrows. */
export function renderMermaid(graph: BlueprintGraph): string {
  const { root, extras, arrows } = drawingOf(graph);
  let clusters = 0;
  const drawCluster = (cluster: Cluster): string[] => [
    `subgraph n${clusters++}[${quote([cluster.label])}]`,
    ...indent([...cluster.nodes.map(drawNode), ...cluster.clusters.flatMap(drawCluster)]),
    "end",
  ];
  const lines = [
    ...root.nodes.map(drawNode),
    ...root.clusters.flatMap(drawCluster),
    ...extras.map(drawNode),
    ...arrows.map(drawArrow),
    "classDef disabled stroke-dasharray:4 4,color:#888",
    "classDef loose stroke:#c60,color:#c60",
    "classDef unknown stroke-dasharray:2 2",
  ];
  return ["flowchart LR", ...indent(lines), ""].join("\n");
}

function drawNode({ id, lines, kind }: DrawnNode): string {
  const label = quote(lines);
  switch (kind) {
    case "module":
      return `${id}[${label}]`;
    case "disabled":
      return `${id}[${label}]:::disabled`;
    case "stream":
      return `${id}([${label}])`;
    case "loose":
      return `${id}([${label}]):::loose`;
    case "unknown":
      return `${id}{{${label}}}:::unknown`;
    default:
      throw new TypeError(`Unknown node ${kind satisfies never}`);
  }
}

function drawArrow({ from, to, lines, kind }: Arrow): string {
  const label = lines.length === 0 ? "" : `|${quote(lines)}|`;
  return `${from} ${kind === "ref" ? "-.->" : "-->"}${label} ${to}`;
}

function quote(lines: readonly string[]): string {
  return `"${lines.map(escapeText).join("<br>")}"`;
}

/** Mermaid's own entities: a label may hold anything but a quote, and markup would be drawn as such. */
function escapeText(text: string): string {
  return text.replaceAll("#", "#35;").replaceAll('"', "#quot;").replaceAll("<", "#lt;").replaceAll(">", "#gt;");
}

import { didYouMean, printable, printableLines } from "@dimos/rpc";
import { BlueprintError } from "../errors.ts";
import type { BlueprintGraph } from "./graph.ts";
import { renderDot } from "./render-dot.ts";
import { renderMermaid } from "./render-mermaid.ts";
import { renderText } from "./render-text.ts";

export type GraphFormat = "text" | "mermaid" | "dot" | "json";

const RENDERERS: ReadonlyMap<string, (graph: BlueprintGraph) => string> = new Map<
  GraphFormat,
  (graph: BlueprintGraph) => string
>([
  ["text", (graph) => renderText(printableGraph(graph))],
  ["mermaid", (graph) => renderMermaid(printableGraph(graph))],
  ["dot", (graph) => renderDot(printableGraph(graph))],
  ["json", (graph) => `${JSON.stringify(graph, null, 2)}\n`],
]);

/** A name of more than one line would add lines to a drawing. */
function printableGraph(graph: BlueprintGraph): BlueprintGraph {
  // A problem has lines of its own.
  return { ...(mapTexts(graph) as BlueprintGraph), problems: graph.problems.map((text) => printableLines(text)) };
}

function mapTexts(value: unknown): unknown {
  if (typeof value === "string") return printable(value);
  if (Array.isArray(value)) return value.map(mapTexts);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapTexts(member)]));
}

/** Draws a graph, with a line break at the end. Equal blueprints give equal texts. */
export function renderGraph(graph: BlueprintGraph, format: GraphFormat): string {
  const render = RENDERERS.get(format);
  if (render !== undefined) return render(graph);
  const known = [...RENDERERS.keys()];
  throw new BlueprintError(
    `There is no graph format "${format}".${didYouMean(format, known)} Formats: ${known.join(", ")}`,
  );
}

import { didYouMean } from "@dimos/rpc";
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
  ["text", renderText],
  ["mermaid", renderMermaid],
  ["dot", renderDot],
  ["json", (graph) => `${JSON.stringify(graph, null, 2)}\n`],
]);

/** Draws a graph, with a line break at the end. Equal blueprints give equal texts. */
export function renderGraph(graph: BlueprintGraph, format: GraphFormat): string {
  const render = RENDERERS.get(format);
  if (render !== undefined) return render(graph);
  const known = [...RENDERERS.keys()];
  throw new BlueprintError(
    `There is no graph format "${format}".${didYouMean(format, known)} Formats: ${known.join(", ")}`,
  );
}

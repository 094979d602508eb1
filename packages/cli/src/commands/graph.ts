import { type GraphFormat, graphOf, renderGraph } from "@dimos/core";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print } from "../output/print.ts";
import { shownJson, shownLines } from "../output/shown.ts";
import { loadBlueprints } from "../project/load-blueprints.ts";
import { discoverRegistry } from "../project/registry.ts";

/** `dimos graph NAME...`: modules, streams and references of a blueprint. Nothing is started. */
export async function graph(
  names: readonly string[],
  options: { readonly format: string; readonly json?: boolean },
): Promise<ExitCode> {
  const drawn = graphOf(await loadBlueprints(names, discoverRegistry()));
  const format = options.json === true ? "json" : (options.format as GraphFormat);
  const text = renderGraph(drawn, format);
  await print(format === "json" ? shownJson(text) : shownLines(text));
  return drawn.problems.length === 0 ? EXIT.ok : EXIT.failed;
}

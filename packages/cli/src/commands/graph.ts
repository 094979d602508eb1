import { type GraphFormat, graphOf, renderGraph } from "@dimos/core";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print } from "../output/print.ts";
import { loadBlueprints } from "../project/load-blueprints.ts";
import { discoverRegistry } from "../project/registry.ts";

/** `dimos graph NAME...`: modules, streams and references of a blueprint. Nothing is started. */
export async function graph(
  names: readonly string[],
  options: { readonly format: string; readonly json?: boolean },
): Promise<ExitCode> {
  const drawn = graphOf(await loadBlueprints(names, discoverRegistry()));
  await print(renderGraph(drawn, (options.json === true ? "json" : options.format) as GraphFormat));
  return drawn.problems.length === 0 ? EXIT.ok : EXIT.failed;
}

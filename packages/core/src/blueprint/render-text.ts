import { type BlueprintGraph, type GraphModule, type GraphStream, localName } from "./graph.ts";
import { describeEnd, type StreamEnd } from "./streams.ts";
import type { RefReport } from "./wiring-report.ts";

/** The graph for a terminal: one line for each module, stream and reference, and what is wrong below. */
export function renderText(graph: BlueprintGraph): string {
  const sections = [
    section("Modules", graph.modules.map(moduleLine)),
    section("Streams", graph.streams.flatMap(streamLines)),
    section("References", graph.refs.map(refLine)),
    section(
      "Problems",
      graph.problems.flatMap((problem) => problem.split("\n")),
    ),
    section("Warnings", graph.warnings),
  ];
  return sections.filter((text) => text !== "").join("\n");
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${title}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function moduleLine(module: GraphModule): string {
  const className = localName(module) === module.className ? "" : ` [${module.className}]`;
  return `${module.instance}${className}${module.isDisabled ? " (disabled)" : ""}`;
}

function streamLines({ topic, type, publishers, subscribers, transport, nearMisses }: GraphStream): string[] {
  const hints = nearMisses.map(({ hint }) => `  ${hint}`);
  return [
    `${topic} [${type}]${transport === undefined ? "" : ` by ${transport}`}: ${listEnds(publishers)} -> ${listEnds(subscribers)}`,
    ...hints,
  ];
}

function listEnds(ends: readonly StreamEnd[]): string {
  return ends.length === 0 ? "(nobody)" : ends.map(describeEnd).join(", ");
}

function refLine(ref: RefReport): string {
  return `${ref.instance}.${ref.ref} -> ${refTarget(ref)}`;
}

function refTarget({ state, targets, wants }: RefReport): string {
  switch (state) {
    case "resolved":
      return targets.join(", ");
    case "disabled":
      return `${targets.join(" or ")} (disabled: calls reject)`;
    case "later":
      return `(${wants}, known when it runs)`;
    case "absent":
      return "(nothing, it is optional)";
    case "unresolved":
      return `(${wants}: not there)`;
    default:
      throw new TypeError(`Unknown state ${state satisfies never}`);
  }
}

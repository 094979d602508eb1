import { BlueprintError } from "../errors.ts";
import type { Blueprint } from "./blueprint.ts";
import { type LoosePort, missedPublishers, missedSubscribers, type NearMiss } from "./near-misses.ts";
import { type RefOutcome, tryResolveRefs } from "./resolve-refs.ts";
import { describeEnd, type PlannedModule, type Stream, streamConflicts, streamsOf } from "./streams.ts";

/** How the modules of a blueprint would be joined, as plain data. Nothing is started for it. */
export interface WiringReport {
  /** Streams that join at least two ports. */
  readonly connected: readonly Stream[];
  /** Inputs that nothing publishes to. */
  readonly danglingInputs: readonly DanglingPort[];
  /** Outputs, and ports of both directions, that nobody else is connected to. */
  readonly danglingOutputs: readonly DanglingPort[];
  /** One name with several message types; such a blueprint cannot be loaded. */
  readonly conflicts: readonly string[];
  readonly refs: readonly RefReport[];
  /** Instance names of modules that the blueprint leaves out. */
  readonly disabled: readonly string[];
  readonly warnings: readonly string[];
}

export interface DanglingPort extends LoosePort {
  readonly nearMisses: readonly NearMiss[];
}

export interface RefReport {
  readonly instance: string;
  readonly ref: string;
  /** A class name, or the methods it asks for. */
  readonly wants: string;
  readonly isOptional: boolean;
  /** `later`: by methods, which are known when the modules are constructed. */
  readonly state: "resolved" | "later" | "disabled" | "absent" | "unresolved";
  /** Instances it points to, or would point to if they were not disabled. */
  readonly targets: readonly string[];
  /** What is wrong, and how to mend it. */
  readonly problem: string | undefined;
}

/** @param running modules that run already: they publish and receive, and references may point to them */
export function wiringReport(blueprint: Blueprint, running: readonly PlannedModule[] = []): WiringReport {
  const added = blueprint.entries.filter((entry) => !entry.disabled);
  const disabled = blueprint.entries.filter((entry) => entry.disabled);
  const own = new Set(added.map((entry) => entry.instance));
  const isOwn = ({ instance }: LoosePort) => own.has(instance);
  const streams = streamsOf([...running, ...added]);
  const inputs = streams.filter((stream) => stream.publishers.length === 0).flatMap((s) => loose(s, s.subscribers));
  const outputs = streams.filter(isUnheard).flatMap((stream) => loose(stream, stream.publishers));
  const disabledStreams = streamsOf(disabled);
  return {
    connected: streams.filter((stream) => stream.publishers.length > 0 && !isUnheard(stream) && touches(stream, own)),
    danglingInputs: inputs
      .filter(isOwn)
      .map((input) => ({ ...input, nearMisses: missedPublishers(input, streams, disabledStreams, outputs) })),
    danglingOutputs: outputs
      .filter(isOwn)
      .map((output) => ({ ...output, nearMisses: missedSubscribers(output, streams) })),
    conflicts: streamConflicts([...running, ...added]),
    refs: tryResolveRefs(
      added,
      [...running, ...blueprint.entries].map((module) => ({ ...module, methods: undefined })),
    ).map(reportRef),
    disabled: disabled.map((entry) => entry.instance),
    warnings: blueprint.warnings,
  };
}

/** What `strict` adds: an input that nothing publishes to is an error, all of them at once. */
export function refuseDanglingInputs({ danglingInputs }: WiringReport): void {
  if (danglingInputs.length === 0) return;
  const lines = danglingInputs.map((input) => {
    const hints = input.nearMisses.map(({ hint }) => ` ${hint}`).join("");
    return `- ${describeEnd(input)} receives ${input.topic} (${input.type}).${hints}`;
  });
  throw new BlueprintError(`Nothing publishes to these inputs, and "strict" is set:\n${lines.join("\n")}`);
}

/** Published, and received by nobody but a sole publisher itself. */
function isUnheard({ publishers, subscribers }: Stream): boolean {
  const [first, ...others] = publishers.map(describeEnd);
  return subscribers.every((end) => others.length === 0 && describeEnd(end) === first);
}

function touches({ publishers, subscribers }: Stream, instances: ReadonlySet<string>): boolean {
  return [...publishers, ...subscribers].some((end) => instances.has(end.instance));
}

function loose({ topic, type }: Stream, ends: Stream["publishers"]): LoosePort[] {
  return ends.map((end) => ({ ...end, topic, type }));
}

function reportRef({ instance, ref, outcome }: RefOutcome): RefReport {
  const common = { instance, ref: ref.name, wants: ref.label, isOptional: ref.optional, problem: undefined };
  if (typeof outcome === "string") return { ...common, state: "unresolved", targets: [], problem: outcome };
  switch (outcome.kind) {
    case "module":
      return { ...common, state: "resolved", targets: [outcome.instance] };
    case "disabled":
      return { ...common, state: "disabled", targets: outcome.instances };
    case "absent":
    case "later":
      return { ...common, state: outcome.kind, targets: [] };
    default:
      throw new TypeError(`Unknown resolution ${(outcome satisfies never as { kind: string }).kind}`);
  }
}

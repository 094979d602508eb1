import { suggest } from "@dimos/rpc";
import { describeEnd, remapLine, type Stream, type StreamEnd } from "./streams.ts";

/** A port that a loose one may have been meant to connect to, and a sentence that says so. */
export interface NearMiss extends StreamEnd {
  readonly topic: string;
  readonly type: string;
  readonly kind: "similar name" | "other type" | "disabled" | "same type";
  readonly hint: string;
}

/** A port that nothing is connected to. */
export interface LoosePort extends StreamEnd {
  readonly topic: string;
  readonly type: string;
}

/** What an input that nothing publishes to may have been meant to receive, most likely first. */
export function missedPublishers(
  input: LoosePort,
  streams: readonly Stream[],
  disabledStreams: readonly Stream[],
  looseOutputs: readonly LoosePort[],
): NearMiss[] {
  const disabled = disabledStreams
    .filter((stream) => stream.topic === input.topic && stream.type === input.type)
    .flatMap((stream) => stream.publishers.map((end) => ({ ...end, topic: stream.topic, type: stream.type })))
    .map((end) => ({ ...end, kind: "disabled" as const, hint: `${describeEnd(end)} is disabled.` }));
  const published = withEnds(streams, "publishers");
  const found = [...disabled, ...otherTypes(input, published, "published"), ...similarNames(input, published)];
  return found.length > 0 ? found : sameType(input, looseOutputs);
}

/** What an output that nobody receives may have been meant for. */
export function missedSubscribers(output: LoosePort, streams: readonly Stream[]): NearMiss[] {
  const received = withEnds(streams, "subscribers");
  return [...otherTypes(output, received, "received"), ...similarNames(output, received)];
}

function withEnds(streams: readonly Stream[], side: "publishers" | "subscribers"): LoosePort[] {
  return streams.flatMap((stream) => stream[side].map((end) => ({ ...end, topic: stream.topic, type: stream.type })));
}

function otherTypes(port: LoosePort, others: readonly LoosePort[], verb: string): NearMiss[] {
  return others
    .filter((other) => other.topic === port.topic && other.type !== port.type && other.instance !== port.instance)
    .map((other) => ({
      ...other,
      kind: "other type",
      hint: `${describeEnd(other)} has ${port.topic} ${verb} as ${other.type}.`,
    }));
}

/**
 * Of the same type: a name of few edits in the same namespace, the same name in another one. Never a stream that the
 * port's own module is at the other end of: it would hear itself.
 */
function similarNames(port: LoosePort, others: readonly LoosePort[]): NearMiss[] {
  const { scope, name } = split(port.topic);
  const own = new Set(others.filter((other) => other.instance === port.instance).map((other) => other.topic));
  const sameType = others.filter(
    (other) => other.type === port.type && other.topic !== port.topic && !own.has(other.topic),
  );
  const near = sameType.filter((other) => split(other.topic).scope === scope);
  const names = suggest(
    name,
    near.map((other) => split(other.topic).name),
  );
  const similar = names.flatMap((similarName) => near.filter((other) => split(other.topic).name === similarName));
  const elsewhere = sameType.filter((other) => split(other.topic).scope !== scope && split(other.topic).name === name);
  return [...similar, ...elsewhere].map((other) => ({
    ...other,
    kind: "similar name",
    hint: `Did you mean "${other.topic.slice(1)}" of ${describeEnd(other)}? ${remapLine(port, other.topic.slice(1))}`,
  }));
}

function sameType(input: LoosePort, looseOutputs: readonly LoosePort[]): NearMiss[] {
  return looseOutputs
    .filter((output) => output.type === input.type && output.instance !== input.instance)
    .map((output) => ({
      ...output,
      kind: "same type",
      hint: `${describeEnd(output)} has the same type, and nobody receives it. ${remapLine(input, output.topic.slice(1))}`,
    }));
}

function split(topic: string): { readonly scope: string; readonly name: string } {
  const at = topic.lastIndexOf("/");
  return { scope: topic.slice(0, at), name: topic.slice(at + 1) };
}

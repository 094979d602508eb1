import { UsageError } from "../errors.ts";
import { jsonOrText } from "./json-or-text.ts";

const PAIR = /^([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)=(.*)$/s;

/** A message: one JSON value, or `key=value` pairs such as `linear.x=0.5`, whose values are JSON where they can be. */
export function messageOf(texts: readonly string[]): unknown {
  const [first] = texts;
  if (first === undefined) throw new UsageError("Say what to publish: one JSON value, or key=value pairs");
  const pairs = texts.map((text) => PAIR.exec(text));
  if (pairs.every((pair) => pair !== null)) return fromPairs(pairs.map(([, path, value]) => [path, value] as const));
  if (texts.length > 1) {
    const wrong = texts[pairs.indexOf(null)];
    throw new UsageError(`A message is one JSON value or key=value pairs, got ${JSON.stringify(wrong)} among others`);
  }
  try {
    return JSON.parse(first) as unknown;
  } catch (error) {
    throw new UsageError(`The message is not JSON: ${(error as Error).message}`);
  }
}

function fromPairs(pairs: readonly (readonly [path: string | undefined, value: string | undefined])[]): unknown {
  const message: Record<string, unknown> = Object.create(null);
  for (const [path = "", value = ""] of pairs) {
    const steps = path.split(".");
    const last = steps.pop() as string;
    let place = message;
    for (const step of steps) {
      place[step] = step in place ? place[step] : Object.create(null);
      const inner = place[step];
      if (typeof inner !== "object" || inner === null)
        throw new UsageError(`${path} is given twice, as a value and as a group`);
      place = inner as Record<string, unknown>;
    }
    if (last in place) throw new UsageError(`${path} is given twice`);
    place[last] = jsonOrText(value);
  }
  return structuredClone(message);
}

import { coerceText, type JsonSchema } from "@dimos/core";
import { UsageError } from "../errors.ts";
import { jsonOrText } from "./json-or-text.ts";

const PAIR = /^([A-Za-z_$][\w$-]*)=(.*)$/s;

/** The input object of a skill: from one JSON object, or from `key=value` pairs, read as the skill's schema says. */
export function skillInput(texts: readonly string[], schema: JsonSchema): unknown {
  if (texts.length === 1 && texts[0]?.trimStart().startsWith("{")) return parseJson(texts[0], "The input");
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = PAIR.exec(text) ?? [];
      if (name === undefined)
        throw new UsageError(`The input of a skill is key=value pairs or one JSON object, got ${JSON.stringify(text)}`);
      return [name, readValue(value as string, name, schema)];
    }),
  );
}

/** The arguments of an rpc method: each JSON; or `key=value` pairs, which make one object. */
export function methodArguments(texts: readonly string[]): readonly unknown[] {
  const pairs = texts.map((text) => (/^\s*["{[]/.test(text) ? null : PAIR.exec(text)));
  if (texts.length > 0 && pairs.every((pair) => pair !== null)) {
    return [Object.fromEntries(pairs.map((pair) => [pair[1], jsonOrText(pair[2] as string)]))];
  }
  return texts.map((text, index) => parseJson(text, `Argument ${index + 1}`));
}

/** A field that the schema does not list is refused where the skill runs, unless the skill takes such fields. */
function readValue(text: string, name: string, { properties, $defs }: JsonSchema): unknown {
  const known = (properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const property = Object.hasOwn(known, name) ? known[name] : undefined;
  if (property === undefined) return jsonOrText(text);
  return coerceText(text, $defs === undefined ? property : { ...property, $defs }, name);
}

function parseJson(text: string, subject: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const hint = /^[\w ]+$/.test(text) ? `; a text is written with quotes: '${JSON.stringify(text)}'` : "";
    throw new UsageError(`${subject} is not JSON: ${(error as Error).message}${hint}`);
  }
}

import { withDigits } from "./number-words.ts";
import { wordsIn } from "./tokens.ts";

const UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    m: ["m", "meter", "meters", "metre", "metres"],
    cm: ["cm", "centimeter", "centimeters", "centimetre", "centimetres"],
    ft: ["ft", "foot", "feet"],
    inch: ["inch", "inches"],
    deg: ["deg", "degs", "degree", "degrees", "°"],
    s: ["s", "sec", "secs", "second", "seconds"],
    min: ["min", "mins", "minute", "minutes"],
  }).flatMap(([unit, words]) => words.map((word) => [word, unit] as const)),
);
export const UNIT_WORDS: readonly string[] = [...UNITS.keys()];

/** Said to be polite, or to be heard. */
const COURTESIES: ReadonlySet<string> = new Set(["please", "kindly", "hey", "ok", "okay", "just", "robot"]);
const PREAMBLES =
  /(?<=^|, )(?:(?:can|could|would|will) you|i want you to|i would like you to|id like you to|go ahead and|lets|now) /g;

/**
 * A message in the words that the grammar is written in: lower case, digits, short units, one space between words,
 * `,` for whatever parts clauses. `Walk forward two-and-a-half METRES!` becomes `walk forward 2.5 m`. A word with a sign
 * that is not understood stays as it was written, and is marked, so that no rule takes it.
 */
export function normalize(text: string): string {
  const words = wordsIn(text)
    .flatMap(axisApart)
    .filter((word) => !COURTESIES.has(word))
    .map((word) => UNITS.get(word) ?? word);
  return withDigits(words, (word) => word !== undefined && UNITS.get(word) === word)
    .filter((word, index, all) => word !== "," || (index > 0 && all[index - 1] !== ","))
    .join(" ")
    .replace(/ ,$/, "")
    .replace(PREAMBLES, "")
    .replace(/ now(?= ,|$)/g, "");
}

/** `x3` is a coordinate; other names keep their digits. */
function axisApart(word: string): string[] {
  const [, axis, number] = /^([xy])(\d+)$/.exec(word) ?? [];
  return axis === undefined ? [word] : [axis, number as string];
}

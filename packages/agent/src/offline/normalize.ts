import { withDigits } from "./number-words.ts";

const UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    m: ["m", "meter", "meters", "metre", "metres"],
    cm: ["cm", "centimeter", "centimeters", "centimetre", "centimetres"],
    ft: ["ft", "foot", "feet"],
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

const TOKEN = /\d+\/\d+|[-−]?(?:\d+\.?\d*|\.\d+)|°|\p{L}[\p{L}\p{N}_]*|[,;.!?:\n]/gu;

/**
 * A message in the words that the grammar is written in: lower case, digits, short units, one space between words,
 * `,` for whatever parts clauses. `Walk forward two-and-a-half METRES!` becomes `walk forward 2.5 m`.
 */
export function normalize(text: string): string {
  const words = [...text.toLowerCase().replace(/['’]/g, "").matchAll(TOKEN)]
    .flatMap(([token], index, all) => wordsOf(token, isGlued(all, index)))
    .filter((word) => !COURTESIES.has(word))
    .map((word) => UNITS.get(word) ?? word);
  const text1 = withDigits(words, (word) => word !== undefined && UNITS.get(word) === word).join(" ");
  return text1
    .replace(/(?: ?,)+/g, " ,")
    .replace(/^(?: ?,)+ ?|(?: ?,)+$/g, "")
    .replace(PREAMBLES, "")
    .replace(/ now(?= ,|$)/g, "");
}

/** A hyphen right after a word parts words: `turn-90` is no negative number. */
function isGlued(all: readonly RegExpExecArray[], index: number): boolean {
  const before = all[index - 1];
  return before !== undefined && before.index + before[0].length === all[index]?.index && /\p{L}$/u.test(before[0]);
}

function wordsOf(token: string, isGluedToWord: boolean): string[] {
  if (/^[,;.!?:\n]$/.test(token)) return [","];
  if (/^\d+\/\d+$/.test(token)) {
    const [above, below] = token.split("/").map(Number) as [number, number];
    return [String(above / below)];
  }
  if (/^[-−.\d]/.test(token)) {
    const number = String(Number(token.replace("−", "-").replace(/\.$/, "")));
    const parted = token.endsWith(".") ? [number, ","] : [number];
    return isGluedToWord && number.startsWith("-") ? [number.slice(1), ...parted.slice(1)] : parted;
  }
  // `x3` and `y-2` are coordinates; other names keep their digits.
  const [, axis, number] = /^([xy])(\d+)$/.exec(token) ?? [];
  return axis === undefined ? [token] : [axis, number as string];
}

const ONES = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
];
const TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

const SMALL: ReadonlyMap<string, number> = new Map(ONES.map((word, value) => [word, value]));
const ROUND: ReadonlyMap<string, number> = new Map(TENS.map((word, index) => [word, 20 + 10 * index]));
const FRACTIONS: ReadonlyMap<string, number> = new Map([
  ["half", 0.5],
  ["quarter", 0.25],
]);

export const NUMBER_WORDS: readonly string[] = [...SMALL.keys(), ...ROUND.keys(), "hundred", ...FRACTIONS.keys()];

/**
 * Writes number words as digits: `two and a half m` as `2.5 m`, `half a m` as `0.5 m`, `ninety five` as `95`.
 *
 * @param isUnit tells "a meter", which is 1, from "a picture"
 */
export function withDigits(words: readonly string[], isUnit: (word: string | undefined) => boolean): string[] {
  const digits: string[] = [];
  let at = 0;
  while (at < words.length) {
    const found = numberAt(words, at, isUnit);
    digits.push(found === undefined ? (words[at] as string) : String(found.value));
    at = found?.end ?? at + 1;
  }
  return digits;
}

interface Found {
  readonly value: number;
  /** Index after the number. */
  readonly end: number;
}

function numberAt(
  words: readonly string[],
  at: number,
  isUnit: (word: string | undefined) => boolean,
): Found | undefined {
  const word = words[at] as string;
  if (word === "minus" || word === "negative") {
    const positive = at + 1 < words.length ? numberAt(words, at + 1, isUnit) : undefined;
    return positive && { value: -positive.value, end: positive.end };
  }
  if (words.slice(at, at + 3).join(" ") === "a couple of") return { value: 2, end: at + 3 };
  const fraction = fractionAt(words, at, isUnit);
  if (fraction !== undefined) return fraction;
  if ((word === "a" || word === "an") && words[at + 1] === "hundred") return { value: 100, end: at + 2 };
  if ((word === "a" || word === "an") && isUnit(words[at + 1])) return { value: 1, end: at + 1 };
  const whole = mixedAt(words, at) ?? wholeAt(words, at);
  if (whole === undefined) return undefined;
  const [and, a, part] = words.slice(whole.end, whole.end + 3);
  const fractional = and === "and" && a === "a" ? FRACTIONS.get(part ?? "") : undefined;
  return fractional === undefined ? whole : { value: whole.value + fractional, end: whole.end + 3 };
}

/** `half a m`, `a half m`, `half m`, `quarter of a m`; a "half turn" is no number. */
function fractionAt(
  words: readonly string[],
  at: number,
  isUnit: (word: string | undefined) => boolean,
): Found | undefined {
  const first = words[at] === "a" ? at + 1 : at;
  const value = FRACTIONS.get(words[first] ?? "");
  if (value === undefined) return undefined;
  let end = first + 1;
  if (words[end] === "of") end++;
  if (words[end] === "a" || words[end] === "an") end++;
  return isUnit(words[end]) ? { value, end } : undefined;
}

/** `1/2`, and `1 1/2`, which is 1.5. */
function mixedAt(words: readonly string[], at: number): Found | undefined {
  const word = words[at] as string;
  const alone = ratioOf(word);
  if (alone !== undefined) return { value: alone, end: at + 1 };
  const part = /^-?[1-9]\d*$/.test(word) ? ratioOf(words[at + 1] ?? "") : undefined;
  if (part === undefined || part <= 0 || part >= 1) return undefined;
  return { value: Number(word) + (word.startsWith("-") ? -part : part), end: at + 2 };
}

function ratioOf(word: string): number | undefined {
  const [, above, below] = /^(-?\d+)\/(\d+)$/.exec(word) ?? [];
  return above === undefined ? undefined : Number(above) / Number(below);
}

function wholeAt(words: readonly string[], at: number): Found | undefined {
  const word = words[at] as string;
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/.test(word)) return { value: Number(word), end: at + 1 };
  const small = smallAt(words, at);
  if (small === undefined || words[small.end] !== "hundred") return small;
  const rest = words[small.end + 1] === "and" ? smallAt(words, small.end + 2) : smallAt(words, small.end + 1);
  return { value: small.value * 100 + (rest?.value ?? 0), end: rest?.end ?? small.end + 1 };
}

function smallAt(words: readonly string[], at: number): Found | undefined {
  const small = SMALL.get(words[at] ?? "");
  if (small !== undefined) return { value: small, end: at + 1 };
  const round = ROUND.get(words[at] ?? "");
  if (round === undefined) return undefined;
  const one = SMALL.get(words[at + 1] ?? "") ?? 0;
  return one > 0 && one < 10 ? { value: round + one, end: at + 2 } : { value: round, end: at + 1 };
}

/** In front of a word that holds a sign that is not understood. No rule takes it. */
const MARK = "\uE000";

/** Class of characters for patterns of free text, such as names of places. */
export const UNDERSTOOD = `[^,${MARK}]`;

/** A part of a chunk of text without spaces. */
interface Token {
  readonly kind: Kind;
  readonly text: string;
}

type Kind = "number" | "pair" | "degree" | "word" | "hyphen" | "end" | "dot";

const PLAIN = "[-−+]?(?:\\d+\\.\\d+|\\d+|\\.\\d+)";
const NUMBER = `[-−+]?(?:\\d+/\\d+|(?:[1-9]\\d*)?[¼½¾⅓⅔⅛⅜⅝⅞])|${PLAIN}`;
const IN_WORD = "[\\p{L}\\p{Mn}\\p{Mc}\\p{Nd}_]";
const FORMS: Readonly<Record<Kind, RegExp>> = {
  // Coordinates, a decimal fraction as half of the world writes it, or a thousand: only a rule can tell.
  pair: new RegExp(`${PLAIN},${PLAIN}`, "uy"),
  number: new RegExp(NUMBER, "uy"),
  degree: /°/uy,
  // Names keep slashes, and hyphens beside digits: `fleet/robot0`, `dock-2`. So `turn-90` is a name, and no number.
  word: new RegExp(`\\p{L}${IN_WORD}*(?:(?:['’](?=\\p{L})|/|[-‐‑](?=\\p{Nd})|(?<=\\p{Nd})[-‐‑])${IN_WORD}+)*`, "uy"),
  // `forty-five`, `turn-around`.
  hyphen: /[-‐‑](?=\p{L})/uy,
  end: /[,;:!?…]/uy,
  dot: /\./uy,
};

/** What may follow without a space. A number is never beside what could belong to it: `2-3`, `5'11`, `50%`, `2..3`, `2:30`. */
const FOLLOWS: Readonly<Record<Kind | "start", readonly Kind[]>> = {
  start: ["pair", "number", "word", "degree", "end", "dot"],
  number: ["word", "degree", "end", "dot"],
  pair: ["end", "dot"],
  degree: ["word", "end", "dot"],
  word: ["hyphen", "end", "dot"],
  hyphen: ["word"],
  end: ["pair", "number", "word", "end", "dot"],
  dot: ["word", "end", "dot"],
};
/** Behind a number, an end of a clause has no other number right after it. */
const AFTER_NUMBER: ReadonlySet<Kind | undefined> = new Set<Kind>(["number", "pair", "degree"]);

const QUOTES = [`"([^"]*[^\\s\\d"])"`, "“([^“”]*[^\\s\\d“”])”", "'([^']*[^\\s\\d'])'", "‘([^‘’]*[^\\s\\d‘’])’"].map(
  (quoted) => new RegExp(`(?<=^|[\\s,;:])${quoted}(?=$|[\\s,;:.!?])`, "gu"),
);
const AXIS = "(?:[xy]\\s*=?\\s*)?";
const COORDINATES = new RegExp(
  `(?<=^|\\s)[(\\[]\\s*(${AXIS}${PLAIN})\\s*[,;\\s]\\s*(${AXIS}${PLAIN})\\s*[)\\]](?=$|[\\s,;:.!?])`,
  "gu",
);
/** `3. 4` may be 3.4: no command begins with a number. */
const BROKEN_NUMBER = /(\d[.!?:])\s+(?=[-−+]?\.?\d)/gu;
const EQUALS = /(?<=(?:^|[\s,;])[xy])\s*=\s*/gu;

/**
 * The words of a message in lower case, with `,` where a clause ends. A word with a sign that is not understood is whole and
 * marked: to leave out the sign would change what the word means.
 */
export function wordsIn(text: string): string[] {
  let plain = text.normalize("NFC").toLowerCase().replaceAll("\n", " , ");
  // A quotation mark behind a number may stand for feet, inches, minutes or seconds; around a phrase it means nothing.
  for (const quoted of QUOTES) plain = plain.replace(quoted, " $1 ");
  plain = plain.replace(COORDINATES, " $1 , $2 ").replace(EQUALS, " ").replace(BROKEN_NUMBER, `$1${MARK} `);
  return plain.split(/\s+/u).flatMap((chunk) => (chunk === "" ? [] : wordsOf(chunk)));
}

function wordsOf(chunk: string): string[] {
  const words = tokensOf(chunk)?.map(wordsOfToken);
  if (words?.every((word) => word !== undefined) === true) return words.flat();
  const [, core = "", ends = ""] = /^(.*?)([,;:.!?]*)$/su.exec(chunk) ?? [];
  return [MARK + core, ...(ends === "" ? [] : [","])];
}

/** Undefined when there is something between the tokens. */
function tokensOf(chunk: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < chunk.length; ) {
    const token = tokenAt(chunk, at, tokens);
    if (token === undefined) return undefined;
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function tokenAt(chunk: string, at: number, before: readonly Token[]): Token | undefined {
  const last = before.at(-1)?.kind;
  const isBesideNumber = last === "end" && AFTER_NUMBER.has(before.at(-2)?.kind);
  for (const kind of FOLLOWS[last ?? "start"]) {
    if (isBesideNumber && AFTER_NUMBER.has(kind)) continue;
    const form = FORMS[kind];
    form.lastIndex = at;
    const [text] = form.exec(chunk) ?? [];
    if (text !== undefined) return { kind, text };
  }
  return undefined;
}

/** Undefined for a number that is none. */
function wordsOfToken({ kind, text }: Token): readonly string[] | undefined {
  switch (kind) {
    case "number":
      return numberWords(text.replace("−", "-").replace("+", ""));
    case "pair":
      return [text.replaceAll("−", "-").replaceAll("+", "")];
    case "degree":
      return ["°"];
    case "word":
      return [text.replace(/['’]/g, "")];
    case "hyphen":
      return [];
    case "end":
    case "dot":
      return [","];
    default:
      return kind satisfies never;
  }
}

/** `1½` is the words `1` and `1/2`. A number with zeros in front may be half of a larger one (`1 000`), and stays as it is. */
function numberWords(text: string): readonly string[] | undefined {
  const vulgar = /\P{ASCII}$/u.exec(text)?.[0];
  if (vulgar !== undefined) {
    const part = vulgar.normalize("NFKD").replace("⁄", "/");
    const whole = text.slice(0, -1);
    return whole === "" || whole === "-" ? [whole + part] : [whole, part];
  }
  if (text.includes("/")) return /\/0+$/.test(text) ? undefined : [text];
  if (/^-?0\d/.test(text)) return [text];
  const number = Number(text);
  return Number.isFinite(number) ? [String(number)] : undefined;
}

/** The words of a clause that are marked. */
export function signsIn(clause: string): readonly string[] {
  return clause
    .split(" ")
    .filter((word) => word.startsWith(MARK))
    .map(unmarked);
}

export function unmarked(clause: string): string {
  return clause.replaceAll(MARK, "");
}

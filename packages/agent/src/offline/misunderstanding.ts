import type { SkillTool } from "@dimos/core";
import { suggest } from "@dimos/rpc";
import { EXAMPLES, examplesFor } from "./help.ts";
import { UNIT_WORDS } from "./normalize.ts";
import { NUMBER_WORDS } from "./number-words.ts";
import { parseMessage } from "./parse.ts";
import { RULES } from "./rules.ts";
import { LABEL } from "./sentences.ts";
import { signsIn, unmarked } from "./tokens.ts";

const SHOWN_EXAMPLES = 3;
const SHOWN_CHARACTERS = 80;
const NUMBERS = "numbers such as 2, -0.5 and 1 1/2, with m, cm, ft, inches or degrees";
/** Shorter words are near to everything. */
const MIN_LETTERS = 3;

/** What to say when a message was not understood: what exactly, what it may have meant, and what would work. */
export function misunderstanding(unknown: readonly string[], tools: readonly SkillTool[]): string {
  const quoted = unknown.map(quotedPart).join(" and ");
  const isNumber = unknown.some((clause) => /\d/.test(signsIn(clause).join()) || /\d,\d/.test(clause));
  const numbers = isNumber ? ` I read ${NUMBERS}.` : "";
  const [guess] = unknown
    .filter((clause) => signsIn(clause).length === 0)
    .map(guessMeant)
    .filter((meant) => meant !== undefined);
  const examples = examplesFor(tools).slice(0, SHOWN_EXAMPLES);
  const hint = guess === undefined ? "" : ` Did you mean "${guess}"?`;
  const works = examples.length === 0 ? "" : ` Try ${examples.map((say) => `"${say}"`).join(", ")}, or "help".`;
  return `I did not understand ${quoted}, and have done nothing.${numbers}${hint} I am an ${LABEL}.${works}`;
}

/** The clause, and what in it nobody can read. */
function quotedPart(clause: string): string {
  const whole = `"${shown(unmarked(clause))}"`;
  const signs = signsIn(clause).map((sign) => `"${shown(sign)}"`);
  return signs.length === 0 || signs[0] === whole ? whole : `${signs.join(" and ")} in ${whole}`;
}

/** What cannot be seen is named by its number. */
function shown(text: string): string {
  const short = text.slice(0, SHOWN_CHARACTERS);
  return short.replace(
    /\p{C}|\p{Variation_Selector}/gu,
    (sign) => `U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

/** The clause with its unknown words put right, when that makes sense; else the example that is nearest. */
function guessMeant(clause: string): string | undefined {
  const known = vocabulary();
  const words = clause.split(" ").map((word) => {
    if (word.length < MIN_LETTERS || known.has(word) || /\d/.test(word)) return word;
    return suggest(word, known, 1)[0] ?? word;
  });
  const corrected = words.join(" ");
  if (corrected !== clause && understands(corrected)) return corrected;
  return suggest(
    clause,
    EXAMPLES.map(({ say }) => say),
    1,
  )[0];
}

function understands(text: string): boolean {
  const { commands, unknown } = parseMessage(text);
  // That "go to the kitchn" is a place it can only believe.
  return commands.length > 0 && unknown.length === 0;
}

/** Every word that occurs in the forms that are understood. */
function vocabulary(): Set<string> {
  const patterns = RULES.map(({ form }) => form.source.replace(/\\[a-z]|\(\?<[a-z]+>|\(\?[:=!<]/g, " "));
  const words = patterns.flatMap((pattern) => pattern.match(/[a-z]{2,}\??/g) ?? []);
  const complete = words.flatMap((word) => (word.endsWith("?") ? [word.slice(0, -2), word.slice(0, -1)] : [word]));
  return new Set([...complete, ...UNIT_WORDS, ...NUMBER_WORDS].filter((word) => word.length > 1));
}

import type { SkillTool } from "@dimos/core";
import { suggest } from "@dimos/rpc";
import { EXAMPLES, examplesFor } from "./help.ts";
import { UNIT_WORDS } from "./normalize.ts";
import { NUMBER_WORDS } from "./number-words.ts";
import { parseMessage } from "./parse.ts";
import { RULES } from "./rules.ts";
import { LABEL } from "./sentences.ts";

const SHOWN_EXAMPLES = 3;
/** Shorter words are near to everything. */
const MIN_LETTERS = 3;

/** What to say when a message was not understood: what exactly, what it may have meant, and what would work. */
export function misunderstanding(unknown: readonly string[], tools: readonly SkillTool[]): string {
  const quoted = unknown.map((clause) => `"${clause.slice(0, 80)}"`).join(" and ");
  const [guess] = unknown.map(guessMeant).filter((meant) => meant !== undefined);
  const examples = examplesFor(tools).slice(0, SHOWN_EXAMPLES);
  const hint = guess === undefined ? "" : ` Did you mean "${guess}"?`;
  const works = examples.length === 0 ? "" : ` Try ${examples.map((say) => `"${say}"`).join(", ")}, or "help".`;
  return `I did not understand ${quoted}, and have done nothing.${hint} I am an ${LABEL}.${works}`;
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

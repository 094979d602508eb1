import type { Action, Command } from "./command.ts";
import { normalize } from "./normalize.ts";
import { RULES } from "./rules.ts";

export interface Parsed {
  readonly commands: readonly Command[];
  /** Clauses that mean nothing to the parser, normalized; words with a sign that is not understood are marked. */
  readonly unknown: readonly string[];
}

/** What may stand between two commands, and before one. */
const JOINT = /^(?: ?(?:,|and|then|next|finally|first|also|after that|afterwards)(?= |$))+ ?/;
const CLAUSE = /^.+?(?= ,| (?:and|then)(?: |$)|$)/;

/**
 * Reads everything that a message asks for, in order.
 *
 * @param robots namespaces; a clause may begin with one ("robot0 walk forward"), which then counts for those after it
 */
export function parseMessage(text: string, robots: readonly string[] = []): Parsed {
  const words = normalize(text);
  const address = new RegExp(`^(${robots.flatMap(saidAs).join("|")})(?: ,)? `);
  const commands: Command[] = [];
  const unknown: string[] = [];
  let robot: string | undefined;
  let rest = words;
  while (rest !== "") {
    rest = rest.replace(JOINT, "").trimStart();
    const addressed = robots.length === 0 ? null : address.exec(rest);
    if (addressed !== null) {
      robot = robots.find((name) => saidAs(name).includes(addressed[1] as string));
      rest = rest.slice(addressed[0].length);
    }
    const found = read(rest, commands.at(-1)?.action);
    const clause = found?.words ?? CLAUSE.exec(rest)?.[0] ?? "";
    if (found !== undefined) commands.push({ ...found, ...(robot === undefined ? {} : { robot }) });
    else if (clause !== "") unknown.push(clause);
    rest = rest.slice(clause.length);
  }
  return { commands, unknown };
}

/** The longest form of words that the text begins with. */
function read(
  text: string,
  before: Action | undefined,
): { readonly action: Action; readonly words: string } | undefined {
  let best: { readonly action: Action; readonly words: string } | undefined;
  for (const { form, read } of RULES) {
    const match = form.exec(text);
    if (match === null || match[0].length <= (best?.words.length ?? 0)) continue;
    const action = read(match.groups ?? {}, before);
    if (action !== undefined) best = { action, words: match[0] };
  }
  return best;
}

/** `fleet/robot0` as a normalized message may have it. */
function saidAs(name: string): readonly string[] {
  const words = name.toLowerCase().replace(/[^\p{L}\p{N}_]+/gu, " ");
  return [words, words.replaceAll(" ", "/"), words.replaceAll(" ", "-")];
}

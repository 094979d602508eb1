/**
 * What makes a terminal do something else than show a text: C0 and C1 controls and DEL, line and paragraph separators,
 * overrides of the writing direction, and halves of characters.
 */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu;

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A text from outside as it may go to a terminal, on one line: each control character is written as JavaScript writes it
 * (`\n`, `\x1b`, `\u202e`). For people; where the text must be told exactly, use JSON.
 */
export function printable(text: string): string {
  return text.replace(CONTROLS, escaped);
}

/**
 * Like `printable`, for a text that may have several lines: line ends and tabs stay.
 *
 * @param indent begins every line but the first, so that none can pass for something that was printed by itself
 */
export function printableLines(text: string, indent = ""): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(CONTROLS, (found) => (found === "\t" ? found : escaped(found))))
    .join(`\n${indent}`);
}

/** JSON text that means the same, and has no control character even where JSON allows it inside of a string. */
export function printableJson(json: string): string {
  return json.replace(CONTROLS, (found) => (/[\n\r\t]/.test(found) ? found : `\\u${codeOf(found).padStart(4, "0")}`));
}

function escaped(found: string): string {
  const code = codeOf(found);
  return NAMED[found] ?? (code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`);
}

function codeOf(found: string): string {
  return found.charCodeAt(0).toString(16);
}

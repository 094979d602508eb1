import type { OutputConfiguration } from "commander";
import { printNow, sayNow } from "./print.ts";
import { shown, shownLines } from "./shown.ts";

/** Where help and refusals of commander go: they quote arguments and descriptions. */
export const HELP_OUTPUT: OutputConfiguration = {
  writeOut: (text) => printNow(shownLines(text)),
  writeErr: (text) => sayNow(shownLines(text)),
  outputError: (text) => sayNow(shown`${shownLines(text.trimEnd(), "  ")}\n`),
};

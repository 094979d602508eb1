import { stripVTControlCharacters } from "node:util";
import { printable, printableJson, printableLines } from "@dimos/rpc/printable";

/**
 * A text that may go to a terminal as it stands. What comes from outside (names, messages, results, errors) gets into
 * one only through `shown`, `shownLines` and `shownJson`, which write its control characters out; colours and line ends
 * around that are the command's own.
 */
export class Shown {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** For the files of this folder: a text that holds nothing from outside, or is printable already. */
  static own(text: string): Shown {
    return new Shown(text);
  }

  /** Columns that it takes; colours take none. */
  get width(): number {
    return stripVTControlCharacters(this.text).length;
  }

  toString(): string {
    return this.text;
  }
}

/** What can be put into a `shown` text: data, which is escaped on one line, or what is shown already. */
export type Part = string | number | Shown;

/** A text with its own layout and escaped data: shown`${paint.bold(name)}\n`. */
export function shown(layout: TemplateStringsArray, ...parts: readonly Part[]): Shown {
  return Shown.own(layout.map((own, index) => (index === 0 ? own : textOf(parts[index - 1] as Part) + own)).join(""));
}

/**
 * Data of several lines, such as a result or an error. Without an indent its lines stand by themselves: for data that
 * nothing stands between.
 */
export function shownLines(text: string, indent = ""): Shown {
  return Shown.own(printableLines(text, indent));
}

/** JSON, which still means the same. */
export function shownJson(json: string): Shown {
  return Shown.own(printableJson(json));
}

/** @param between layout */
export function joined(parts: readonly Part[], between = ""): Shown {
  return Shown.own(parts.map(textOf).join(between));
}

function textOf(part: Part): string {
  return part instanceof Shown ? part.text : printable(String(part));
}

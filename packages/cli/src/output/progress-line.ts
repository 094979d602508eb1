import { sayNow } from "./print.ts";
import { Shown, shown } from "./shown.ts";

const LINE_START = Shown.own("\r\x1b[2K");

/** One line on standard error that is written over what was there, while something takes long; nothing without a terminal. */
export class ProgressLine {
  #reported = "";

  show(text: string): void {
    if (process.stderr.isTTY) sayNow(shown`${LINE_START}${firstColumns(text, process.stderr.columns - 1)}`);
  }

  /** Like `show`; without a terminal a line of its own, unless it says what the one before said. */
  report(text: string): void {
    if (process.stderr.isTTY) this.show(text);
    else if (text !== this.#reported) sayNow(shown`${text}\n`);
    this.#reported = text;
  }

  clear(): void {
    if (process.stderr.isTTY) sayNow(LINE_START);
  }
}

/** A longer line would not be written over as a whole. */
function firstColumns(text: string, columns: number): Shown {
  return Shown.own([...shown`${text}`.text].slice(0, columns).join(""));
}

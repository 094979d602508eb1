import type { WriteStream } from "node:tty";

/** One line that is written over while something takes long; nothing when the output is not a terminal. */
export class ProgressLine {
  readonly #stream: WriteStream;
  #reported = "";

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  show(text: string): void {
    if (this.#stream.isTTY) this.#stream.write(`\r\x1b[2K${text.slice(0, this.#stream.columns - 1)}`);
  }

  /** Like `show`; without a terminal a line of its own, unless it says what the one before said. */
  report(text: string): void {
    if (this.#stream.isTTY) this.show(text);
    else if (text !== this.#reported) this.#stream.write(`${text}\n`);
    this.#reported = text;
  }

  clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[2K");
  }
}

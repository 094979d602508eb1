import { styleText } from "node:util";

const GOOD: ReadonlySet<string> = new Set(["running", "healthy", "responsive", "ok"]);
const BAD: ReadonlySet<string> = new Set(["failed", "crashed", "unresponsive", "error", "wrong"]);

type Style = "bold" | "dim" | "cyan" | "green" | "red" | "yellow";
const LEVEL_STYLES = { debug: "dim", info: "green", warn: "yellow", error: "red" } as const;

/** Colours, where the output is a terminal and nobody objects (`NO_COLOR`). */
export class Paint {
  readonly #isOn: boolean;

  constructor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env) {
    this.#isOn = env.FORCE_COLOR
      ? env.FORCE_COLOR !== "0"
      : stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  }

  bold(text: string): string {
    return this.#style("bold", text);
  }

  dim(text: string): string {
    return this.#style("dim", text);
  }

  cyan(text: string): string {
    return this.#style("cyan", text);
  }

  state(text: string): string {
    return this.#style(GOOD.has(text) ? "green" : BAD.has(text) ? "red" : "yellow", text);
  }

  /** A log level, as wide as the widest. */
  level(level: keyof typeof LEVEL_STYLES): string {
    return this.#style(LEVEL_STYLES[level], level.padEnd(5));
  }

  #style(style: Style, text: string): string {
    return this.#isOn ? styleText(style, text, { validateStream: false }) : text;
  }
}

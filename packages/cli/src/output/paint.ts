import { styleText } from "node:util";
import type { LogPaint } from "@dimos/core/runs";
import { type Part, Shown, shown } from "./shown.ts";

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

  bold(text: Part): Shown {
    return this.#style("bold", text);
  }

  dim(text: Part): Shown {
    return this.#style("dim", text);
  }

  cyan(text: Part): Shown {
    return this.#style("cyan", text);
  }

  state(text: string): Shown {
    return this.#style(GOOD.has(text) ? "green" : BAD.has(text) ? "red" : "yellow", text);
  }

  /** For the lines of a log, which are printable already. */
  get log(): LogPaint {
    return {
      dim: (text) => this.#code("dim", text),
      cyan: (text) => this.#code("cyan", text),
      level: (level) => this.#code(LEVEL_STYLES[level], level.padEnd(5)),
    };
  }

  #style(style: Style, text: Part): Shown {
    return Shown.own(this.#code(style, shown`${text}`.text));
  }

  #code(style: Style, text: string): string {
    return this.#isOn ? styleText(style, text, { validateStream: false }) : text;
  }
}

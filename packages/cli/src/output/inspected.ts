import { inspect } from "node:util";
import { printable } from "@dimos/rpc/printable";
import { Shown, shownLines } from "./shown.ts";

/**
 * A value as Node's inspect shows it. It escapes texts, and neither stacks nor names of classes; a value with controls
 * there is shown without colours, which could not be told from its own.
 */
export function inspected(value: unknown, env: NodeJS.ProcessEnv = process.env): Shown {
  const plain = inspect(value);
  const lines = plain.split("\n").join("");
  if (env.NO_COLOR || printable(lines) !== lines) return shownLines(plain);
  return Shown.own(inspect(value, { colors: true }));
}

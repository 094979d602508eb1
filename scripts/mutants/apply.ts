import { stripTypeScriptTypes } from "node:module";
import type { Mutant } from "./mutant.ts";

/** The text with the mutation in it. `find` has to occur exactly once. */
export function apply(text: string, { find, replace }: Pick<Mutant, "find" | "replace">): string {
  const at = text.indexOf(find);
  return text.slice(0, at) + replace + text.slice(at + find.length);
}

export function occurrences(text: string, find: string): number {
  return find === "" ? 0 : text.split(find).length - 1;
}

/** What keeps Node from reading this TypeScript, or undefined. A mutation that nothing can read shows nothing. */
export function syntaxError(text: string): string | undefined {
  try {
    stripTypeScriptTypes(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.split("\n")[0] : String(error);
  }
}

import { mask } from "./mask.ts";

export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** `... from "x"`, `import "x"`, `import("x")` (also in types), `import.meta.resolve("x")`, `declare module "x"`. */
const IMPORTS = /\b(?:from|import|import\s*\(|import\.meta\.resolve\s*\(|declare\s+module)\s*(["'])/g;

/** Every module a TypeScript or JavaScript file imports, with types, in the order of the text. */
export function importsOf(text: string): Import[] {
  const masked = mask(text);
  return [...masked.matchAll(IMPORTS)].map((match) => {
    const start = match.index + match[0].length;
    const end = masked.indexOf(match[1] as string, start);
    return { specifier: text.slice(start, end), line: lineAt(text, start) };
  });
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

import { readFileSync, writeFileSync } from "node:fs";

const BEGIN = "<!-- bench: begin -->";
const END = "<!-- bench: end -->";

/** Replaces what stands between the marks of a file that has them, and any other file. */
export function writeMarkdown(file: string, markdown: string): void {
  writeFileSync(file, placed(existing(file), markdown));
}

function placed(text: string, markdown: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) return markdown;
  return `${text.slice(0, begin)}${BEGIN}\n\n${markdown.trimEnd()}\n\n${text.slice(end)}`;
}

function existing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

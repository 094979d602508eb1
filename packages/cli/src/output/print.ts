import { once } from "node:events";
import { type Part, Shown, shown, shownJson, shownLines } from "./shown.ts";

// The only file that writes to a terminal (scripts/check-printing.ts holds the package to that), and it takes only what
// is `Shown`: control characters of data have been written out by then. It is the same for a pipe, whose reader may be
// a terminal in the end. Data as it is exactly is `--json`.

/** Writes data, and waits while its reader is slow. */
export async function print(text: Shown): Promise<void> {
  if (!process.stdout.write(text.text)) await once(process.stdout, "drain");
}

/** Like `print`, for somebody who cannot wait. */
export function printNow(text: Shown): void {
  process.stdout.write(text.text);
}

export async function printJson(value: unknown): Promise<void> {
  await print(shown`${shownJson(JSON.stringify(value, undefined, 2))}\n`);
}

/** Talk: to standard error, as a line. A text that is not shown yet may have several; they go on indented. */
export function say(text: string | Shown): void {
  sayNow(shown`${typeof text === "string" ? shownLines(text, "  ") : text}\n`);
}

/** Like `say`, without a line end. */
export function sayNow(text: Shown): void {
  process.stderr.write(text.text);
}

/** Columns as wide as what stands in them. */
export function table(rows: readonly (readonly Part[])[]): Shown {
  const cells = rows.map((row) => row.map((cell) => shown`${cell}`));
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, index) => Math.max(...cells.map((row) => row[index]?.width ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, index) => cell.text + " ".repeat((widths[index] ?? 0) - cell.width))
      .join("  ")
      .trimEnd(),
  );
  return Shown.own(lines.map((line) => `${line}\n`).join(""));
}

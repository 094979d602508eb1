import type { Column } from "./column.ts";
import type { Report, Row, Summary, Table } from "./report.ts";

/** The report as it is printed and kept. */
export function reportMarkdown(report: Report): string {
  const head = [
    `\`${report.command}\`, ${report.startedAt}, ${(report.tookSeconds / 60).toFixed(1)} minutes`,
    "",
    report.machine,
    "",
  ];
  const parts = report.parts.map(({ part, tables }) =>
    [`## \`bench ${part}\``, "", ...tables.map(tableMarkdown)].join("\n"),
  );
  return [...head, ...parts].join("\n");
}

/** Medians, with quartiles and ratio where contenders are compared. */
function tableMarkdown({ title, note, columns, rows }: Table): string {
  const titles = columns.flatMap((column) =>
    column.isCompared ? [column.title, "quartiles", "ratio"] : [column.title],
  );
  return [
    `### ${title}`,
    "",
    ...(note === undefined ? [] : [note, ""]),
    `| ${["", ...titles].join(" | ")} |`.replace("|  |", "| |"),
    `| ${["---", ...titles.map(() => "---:")].join(" | ")} |`,
    ...rows.map((row) => rowMarkdown(row, columns, titles.length)),
    "",
  ].join("\n");
}

function rowMarkdown(row: Row, columns: readonly Column[], width: number): string {
  if (!("figures" in row)) {
    const reason = "notRun" in row ? `not run (${row.notRun})` : `failed (${row.failed})`;
    return `| ${[row.name, reason, ...Array.from({ length: width - 1 }, () => "")].join(" | ")} |`;
  }
  const cells = columns.flatMap((column) => figureCells(column, row.figures[column.figure]));
  return `| ${[row.name, ...cells].join(" | ")} |`;
}

function figureCells({ digits, isCompared }: Column, summary: Summary | undefined): string[] {
  if (summary === undefined) return isCompared ? ["", "", ""] : [""];
  const { median, quartiles, ratio } = summary;
  if (!isCompared) return [figure(median, digits)];
  return [
    figure(median, digits),
    quartiles.map((value) => figure(value, digits)).join("–"),
    ratio === null ? "" : ratio.toFixed(2),
  ];
}

function figure(value: number, digits: number): string {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

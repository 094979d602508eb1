import type { Condition } from "./condition.ts";
import { type Column, failuresOf, type ResultsFile, timesOf } from "./results.ts";

const BEGIN = "<!-- pnpm test:safety --write -->";
const END = "<!-- end of the table -->";

/** The conditions that were measured, as Markdown. Milliseconds. */
export function tableOf(conditions: readonly Condition[], results: ResultsFile): string {
  const head = [
    "| while the robot walks | n | median | max | bound | n at load 8 | max at load 8 |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
  ];
  const rows = conditions
    .filter(({ id }) => results.of(id, "quiet").length + results.of(id, "busy").length > 0)
    .map(({ id, what, boundMs }) => {
      const quiet = figures(results, id, "quiet");
      const busy = figures(results, id, "busy");
      return `| ${what} | ${quiet.n} | ${quiet.median} | ${quiet.max} | ${boundMs} | ${busy.n} | ${busy.max} |`;
    });
  return [...head, ...rows].join("\n");
}

/** The text with the table between its two marks. Throws when they are not there. */
export function withTable(text: string, table: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`There is no place for the table: "${BEGIN}" and "${END}" mark it.`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${text.slice(end)}`;
}

function figures(results: ResultsFile, id: string, column: Column) {
  const samples = results.of(id, column);
  if (samples.length === 0) return { n: "", median: "", max: "" };
  const times = timesOf(samples).toSorted((a, b) => a - b);
  const failed = failuresOf(samples).length > 0;
  const rounded = (time: number | undefined) => (time === undefined ? "" : String(Math.round(time)));
  return {
    n: String(times.length),
    median: rounded(times[Math.floor((times.length - 1) / 2)]),
    max: failed ? "failed" : rounded(times.at(-1)),
  };
}

import { writeFileSync } from "node:fs";
import { benchContext } from "./context.ts";
import { machineLine } from "./machine.ts";
import { reportMarkdown } from "./markdown.ts";
import { writeMarkdown } from "./markdown-file.ts";
import { type BenchOptions, parseOptions } from "./options.ts";
import { PARTS } from "./parts.ts";
import { progressOn } from "./progress.ts";
import type { PartReport, Report } from "./report.ts";

const argv = process.argv.slice(2);
try {
  process.exitCode = await main(parseOptions(argv, Object.keys(PARTS)));
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main(options: BenchOptions): Promise<number> {
  const progress = progressOn(process.stderr);
  const context = benchContext(options.isQuick, progress);
  const machine = machineLine();
  const startedAt = new Date();
  const parts: PartReport[] = [];
  for (const part of options.parts) {
    const startedMs = performance.now();
    const tables = await (PARTS[part] as (typeof PARTS)[string])(context);
    parts.push({ part, tookSeconds: secondsSince(startedMs), tables });
  }
  const report: Report = {
    command: ["npx -y pnpm@12 bench", ...argv].join(" "),
    startedAt: startedAt.toISOString(),
    machine,
    tookSeconds: parts.reduce((sum, { tookSeconds }) => sum + tookSeconds, 0),
    parts,
  };
  progress("done");
  const markdown = reportMarkdown(report);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (options.markdown !== undefined) writeMarkdown(options.markdown, markdown);
  process.stdout.write(markdown);
  const hasFailed = parts.some(({ tables }) => tables.some(({ rows }) => rows.some((row) => "failed" in row)));
  return hasFailed ? 1 : 0;
}

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}

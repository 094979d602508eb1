import type { Result } from "./job.ts";
import type { TestRun } from "./run-test.ts";
import type { Verdict } from "./verdict.ts";

/** One line for a mutation that was noticed; for the others what somebody needs to mend it. */
export function describe({ mutant, verdict, seconds, runs }: Result): string {
  const line = `${verdict.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${mutant.area}: ${mutant.wrong}`;
  if (verdict === "noticed") return runs.some(({ ending }) => ending === "timeout") ? `${line} (timeout)` : line;
  const indent = " ".repeat(4);
  const change = [`- ${mutant.find}`, `+ ${mutant.replace}`].join("\n").replaceAll("\n", `\n${indent}  `);
  const lines = [line, `${indent}${mutant.file}`, `${indent}${change.replace(/\n\s*\+ /, `\n${indent}+ `)}`];
  for (const { test, ending, reason } of runs) {
    if (ending === "passed") lines.push(`${indent}${test} passed all the same`);
    if (ending === "red") lines.push(`${indent}${test} fails without the mutation as well`);
    if (ending === "unreadable") lines.push(`${indent}${test} could not be run:`, indented(reason, `${indent}  `));
  }
  return lines.join("\n");
}

export function summary(results: readonly Result[], chosen: number): string {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  const missing = chosen - results.length;
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const counts = (["noticed", "survived", "broken"] as const).map((verdict) => `${count(verdict)} ${verdict}`);
  if (missing > 0) counts.push(`${missing} not tried`);
  return `${counts.join(", ")}; ${seconds.toFixed(0)} s of tests`;
}

/** A test that fails without a mutation: all that name it are broken. */
export function describeRed(test: string, { ending, reason }: TestRun): string {
  return `${test} fails without a mutation (${ending}):\n${indented(reason, "    ")}`;
}

function indented(text: string, indent: string): string {
  return text
    .trim()
    .split("\n")
    .slice(0, 20)
    .map((line) => indent + line)
    .join("\n");
}

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { PARTS } from "./parts.ts";
import type { Report } from "./report.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const TIMEOUT_MS = 120_000;

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function bench(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const command = ["--conditions=@dimos/source", MAIN, ...args];
    execFile(process.execPath, command, { timeout: TIMEOUT_MS }, (error, stdout, stderr) =>
      resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

async function quickReport(part: string): Promise<{ readonly report: Report; readonly outcome: Outcome }> {
  const directory = mkdtempSync(join(tmpdir(), "dimos-bench-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "report.json");
  const outcome = await bench(part, "--quick", "--json", file);
  expect(outcome.exitCode, outcome.stdout + outcome.stderr).toBe(0);
  return { report: JSON.parse(readFileSync(file, "utf8")) as Report, outcome };
}

/** What is wrong with a table: every contender that is there gave every figure of the peer that it is compared with. */
function flaws(report: Report): string[] {
  const found: string[] = [];
  for (const { title, peer, rows, columns } of report.parts.flatMap(({ tables }) => tables)) {
    if (rows.length < 2) found.push(`${title}: only ${rows.length} rows`);
    if (peer !== null && !rows.some(({ name }) => name === peer)) found.push(`${title}: no peer`);
    for (const row of rows) {
      if ("notRun" in row) continue;
      if ("failed" in row) {
        found.push(`${title}, ${row.name}: ${row.failed}`);
        continue;
      }
      const measured = columns.map(({ figure }) => row.figures[figure]?.median).filter((value) => value !== undefined);
      if (measured.length === 0) found.push(`${title}, ${row.name}: no figure`);
      if (!measured.every((value) => Number.isFinite(value))) found.push(`${title}, ${row.name}: ${measured.join()}`);
    }
  }
  return found;
}

function titles(report: Report): string[] {
  return report.parts.flatMap(({ tables }) => tables.map(({ title }) => title));
}

test("refuses a part that it does not have, and says which there are", async () => {
  const { exitCode, stdout, stderr } = await bench("rcp");
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toBe(`No bench named rcp. There are: ${Object.keys(PARTS).join(", ")}\n`);
});

test("refuses an option that it does not have", async () => {
  const { exitCode, stderr } = await bench("--quik");
  expect(exitCode).toBe(2);
  expect(stderr).toContain("--quik");
});

test("every peer of the rpc bench that is there gives figures", { timeout: TIMEOUT_MS }, async () => {
  const { report, outcome } = await quickReport("rpc");
  expect(flaws(report)).toEqual([]);
  expect(titles(report)).toHaveLength(3);
  expect(report.machine).toContain(`Node ${process.versions.node}`);
  expect(outcome.stdout).toContain("| dimos module handle |");
});

test("both codecs give back what they were given, and figures", { timeout: TIMEOUT_MS }, async () => {
  const { report } = await quickReport("codec");
  expect(flaws(report)).toEqual([]);
  expect(titles(report)).toHaveLength(5);
});

test("every peer of the streams bench that is there gives figures", { timeout: TIMEOUT_MS }, async () => {
  const { report } = await quickReport("streams");
  expect(flaws(report)).toEqual([]);
  const sizes = titles(report).filter((title) => title.startsWith("Streams of"));
  expect(sizes).toHaveLength(5);
});

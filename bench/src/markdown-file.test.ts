import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeMarkdown } from "./markdown-file.ts";

function emptyFile(): string {
  const directory = mkdtempSync(join(tmpdir(), "dimos-bench-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "report.md");
}

test("replaces what stands between the marks, and nothing else of the file", () => {
  const file = emptyFile();
  writeFileSync(file, "# Bench\n\n<!-- bench: begin -->\n\nold\n\n<!-- bench: end -->\n\nafter\n");
  writeMarkdown(file, "new\n");
  expect(readFileSync(file, "utf8")).toBe("# Bench\n\n<!-- bench: begin -->\n\nnew\n\n<!-- bench: end -->\n\nafter\n");
});

test("writes a file that is not there, and replaces one without marks", () => {
  const file = emptyFile();
  writeMarkdown(file, "first\n");
  writeMarkdown(file, "second\n");
  expect(readFileSync(file, "utf8")).toBe("second\n");
});

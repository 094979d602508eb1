import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeDirectory } from "../make-directory.ts";
import { FileSink } from "./file-sink.ts";

it.runIf(process.platform === "linux")("says once that the disk is full, and goes on", () => {
  const directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "sink-"));
  // It takes no byte: whoever writes to it is told that the disk is full.
  symlinkSync("/dev/full", join(directory, "w0.jsonl"));
  const errors: unknown[] = [];
  const sink = new FileSink(join(directory, "w0.jsonl"), undefined, (error) => errors.push(error));
  for (const line of ["one\n", "two\n", "three\n"]) sink.write(line);
  expect(errors).toMatchObject([{ code: "ENOSPC" }]);
  rmSync(directory, { recursive: true });
});

it("writes how many lines were lost as soon as it can", () => {
  const directory = join(mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "sink-")), "later");
  const errors: unknown[] = [];
  const sink = new FileSink(join(directory, "w0.jsonl"), undefined, (error) => errors.push(error));
  sink.write("one\n");
  sink.write("two\n");
  makeDirectory(directory);
  sink.write("three\n");
  const [lost, three] = readFileSync(join(directory, "w0.jsonl"), "utf8").split("\n");
  expect([JSON.parse(lost as string).msg, three]).toEqual(["2 log lines could not be written", "three"]);
  rmSync(directory, { recursive: true });
  expect(errors).toHaveLength(1);
});

it("fills no disk: the oldest lines go, and the newest stay", () => {
  const directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "sink-"));
  const [lineBytes, maxBytes] = [100, 1_000];
  const sink = new FileSink(join(directory, "w0.jsonl"), maxBytes);
  for (let n = 0; n < 200; n++) sink.write(`${String(n).padStart(lineBytes - 1, "0")}\n`);
  const files = readdirSync(directory).sort();
  expect(files).toEqual(["w0.1.jsonl", "w0.2.jsonl", "w0.3.jsonl", "w0.4.jsonl", "w0.jsonl"]);
  const texts = files.map((file) => readFileSync(join(directory, file), "utf8"));
  for (const text of texts) expect(text.length).toBeLessThanOrEqual(maxBytes + lineBytes);
  expect(Number(texts.at(-1)?.trimEnd().split("\n").at(-1))).toBe(199);
  rmSync(directory, { recursive: true });
});

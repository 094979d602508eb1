import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
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

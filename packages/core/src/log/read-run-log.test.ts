import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileSink } from "./file-sink.ts";
import { followRunLog } from "./follow-run-log.ts";
import { type LogRecord, readLastOfRunLog, readRunLog } from "./read-run-log.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "log-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

function line(ms: number, msg: string, more: object = {}): string {
  return `${JSON.stringify({ level: "info", time: new Date(ms).toISOString(), msg, ...more })}\n`;
}

const messages = (records: Iterable<LogRecord>) => [...records].map(({ fields }) => fields.msg);

describe("the log of a run", () => {
  it("is merged by time over its files, without the half line at the end of one", () => {
    writeFileSync(join(directory, "coordinator.jsonl"), line(1, "a") + line(4, "d"));
    writeFileSync(join(directory, "w0.jsonl"), `${line(2, "b")}not json\n${line(3, "c")}{"level":"info","ti`);
    expect(messages(readRunLog(directory))).toEqual(["a", "b", "c", "d"]);
    expect(messages(readLastOfRunLog(directory, 3))).toEqual(["b", "c", "d"]);
    expect(messages(readLastOfRunLog(directory, 0))).toEqual([]);
  });

  it("is the same from both ends when lines span blocks and hold characters of several bytes", () => {
    const all = Array.from({ length: 300 }, (_, index) => `${index} ${"ä€😀".repeat(index * 7)}`);
    writeFileSync(join(directory, "w0.jsonl"), all.map((text, index) => line(index, text)).join(""));
    expect(messages(readRunLog(directory))).toEqual(all);
    expect(messages(readLastOfRunLog(directory, 1000))).toEqual(all);
  });

  it("shows what passes the filter, and counts only that", () => {
    writeFileSync(
      join(directory, "w0.jsonl"),
      line(1, "old", { module: "Camera", level: "error" }) +
        line(5, "wide lens", { module: "Camera" }) +
        line(6, "bang", { module: "Arm", level: "error", err: { stack: "Error: bang\n at lens.ts" } }) +
        line(7, "later"),
    );
    expect(messages(readRunLog(directory, { module: "Camera" }))).toEqual(["old", "wide lens"]);
    expect(messages(readLastOfRunLog(directory, 1, { level: "warn" }))).toEqual(["bang"]);
    expect(messages(readLastOfRunLog(directory, 9, { level: "warn", sinceMs: 5 }))).toEqual(["bang"]);
    expect(messages(readRunLog(directory, { pattern: /lens/ }))).toEqual(["wide lens", "bang"]);
    expect(messages(readRunLog(directory, { sinceMs: 6 }))).toEqual(["bang", "later"]);
  });

  it("is rotated without losing a line, and read through its rotation", () => {
    const sink = new FileSink(join(directory, "w0.jsonl"), 1000);
    const all = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    all.forEach((text, index) => void sink.write(line(index, text)));
    expect(messages(readRunLog(directory))).toEqual(all);
    expect(messages(readLastOfRunLog(directory, 25))).toEqual(all.slice(5));
  });

  it("takes no more of the disk than its files may, the oldest lines go", () => {
    const sink = new FileSink(join(directory, "w0.jsonl"), 1000);
    for (let index = 0; index < 300; index++) sink.write(line(index, `line ${index}`));
    const files = readdirSync(directory).sort();
    expect(files).toEqual(["w0.1.jsonl", "w0.2.jsonl", "w0.3.jsonl", "w0.4.jsonl", "w0.jsonl"]);
    for (const name of files) expect(statSync(join(directory, name)).size).toBeLessThan(1200);
    expect(messages(readLastOfRunLog(directory, 2))).toEqual(["line 298", "line 299"]);
  });

  it("is followed for what passes the filter alone, until it is over", async () => {
    const path = join(directory, "w0.jsonl");
    writeFileSync(path, line(1, "old") + line(2, "old bang", { level: "error" }));
    let isOver = false;
    const seen: unknown[] = [];
    const following = (async () => {
      const options = { last: 5, filter: { level: "error" }, isOver: () => isOver } as const;
      const { signal } = new AbortController();
      for await (const { fields } of followRunLog(directory, { ...options, signal })) seen.push(fields.msg);
    })();
    await expect.poll(() => seen).toEqual(["old bang"]);
    appendFileSync(path, line(3, "new") + line(4, "new bang", { level: "error" }));
    isOver = true;
    await following;
    expect(seen).toEqual(["old bang", "new bang"]);
  });

  it("is followed over rotation, new files and half lines", async () => {
    const sink = new FileSink(join(directory, "w0.jsonl"), 500);
    sink.write(line(1, "first"));
    const end = new AbortController();
    const seen: unknown[] = [];
    const following = (async () => {
      const options = { last: 10, filter: {}, signal: end.signal, isOver: () => false };
      for await (const { fields } of followRunLog(directory, options)) seen.push(fields.msg);
    })();
    await expect.poll(() => seen).toEqual(["first"]);
    const all = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    all.forEach((text, index) => void sink.write(line(index + 10, text)));
    await expect.poll(() => seen).toEqual(["first", ...all]);
    const half = line(100, "of another process");
    appendFileSync(join(directory, "w1.jsonl"), half.slice(0, 20));
    sink.write(line(99, "meanwhile"));
    await expect.poll(() => seen.at(-1)).toBe("meanwhile");
    appendFileSync(join(directory, "w1.jsonl"), half.slice(20));
    await expect.poll(() => seen.at(-1)).toBe("of another process");
    end.abort();
    await following;
    expect(seen).toHaveLength(23);
  });
});

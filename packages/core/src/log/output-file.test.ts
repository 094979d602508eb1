import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { followRunLog } from "./follow-run-log.ts";
import { OutputFile } from "./output-file.ts";
import { readRunLog } from "./read-run-log.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR as string, "output-"));
  path = join(directory, "output.log");
});

const text = (name: string) => readFileSync(join(directory, name), "utf8");
const printed = () => [...readRunLog(directory)].map(({ text: line }) => line);

it("rotates a full file without losing a line, while a program holds it open", () => {
  const descriptor = openSync(path, "a");
  const file = new OutputFile(path, 1000);
  const all: string[] = [];
  for (let index = 0; index < 40; index++) {
    all.push(`line ${index} ${"x".repeat(60)}`);
    writeSync(descriptor, `${all[index]}\n`);
    file.limit();
  }
  closeSync(descriptor);
  expect(printed()).toEqual(all);
  expect(readdirSync(directory).sort()).toEqual(["output.1.log", "output.2.log", "output.log"]);
  expect(statSync(join(directory, "output.1.log")).mode & 0o777).toBe(0o600);
});

it("keeps the newest whole lines of a flood, says how much it dropped, and never more than five files", () => {
  const file = new OutputFile(path, 1000);
  const line = (index: number) => `${String(index).padStart(9, "0")}\n`;
  const flood = Array.from({ length: 1000 }, (_, index) => line(index)).join("");
  for (let round = 0; round < 6; round++) {
    appendFileSync(path, flood);
    expect(file.limit()).toEqual({ keptBytes: 1000, droppedBytes: 9000 });
    expect(file.limit()).toBeUndefined();
  }
  const [first, second] = text("output.1.log").split("\n");
  expect([first, second]).toEqual(["[dimos: 9000 bytes that were printed before this are not kept]", "000000900"]);
  expect(text("output.1.log").endsWith("\n000000999\n")).toBe(true);
  expect(readdirSync(directory).sort()).toEqual([..."1234"].map((index) => `output.${index}.log`).concat("output.log"));
  expect(statSync(path).size).toBe(0);
});

it("cuts the file also where nothing can be kept, as on a full disk", () => {
  writeFileSync(path, "x".repeat(2000));
  mkdirSync(`${path}.new`);
  mkdirSync(join(`${path}.new`, "below"));
  const limit = () => new OutputFile(path, 1000).limit();
  expect(limit).not.toThrow();
  expect(statSync(path).size).toBe(0);
});

it("is followed over rotation: each line once", async () => {
  const file = new OutputFile(path, 100_000);
  appendFileSync(path, "first\n");
  const end = new AbortController();
  const seen: string[] = [];
  const options = { last: 10, filter: {}, signal: end.signal, isOver: () => false };
  const following = (async () => {
    for await (const record of followRunLog(directory, options)) seen.push(record.text);
  })();
  await expect.poll(() => seen).toEqual(["first"]);
  const some = (from: number, count: number) => Array.from({ length: count }, (_, index) => `line ${from + index}`);
  appendFileSync(path, `${some(0, 5).join("\n")}\n`);
  await expect.poll(() => seen).toHaveLength(6);
  // More than is kept: of that, the newest lines.
  appendFileSync(path, `${some(5, 20_000).join("\n")}\n`);
  file.limit();
  appendFileSync(path, `${some(20_005, 3).join("\n")}\n`);
  await expect.poll(() => seen.at(-1)).toBe("line 20007");
  end.abort();
  await following;
  expect(seen.slice(0, 6)).toEqual(["first", ...some(0, 5)]);
  const later = seen.slice(6).filter((line) => !line.startsWith("[dimos: "));
  expect(new Set(later).size).toBe(later.length);
  expect(later).toEqual(some(20_008 - later.length, later.length));
  expect(later.length).toBeGreaterThan(5_000);
});

it("loses no line of a program that prints on while it is rotated, but for the moment of the cut", async () => {
  const descriptor = openSync(path, "a");
  const program = "for (let i = 0; i < 20000; i++) console.log(i + ' ' + 'x'.repeat(40));";
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", descriptor, "inherit"] });
  closeSync(descriptor);
  const file = new OutputFile(path, 300_000);
  let dropped = 0;
  const look = setInterval(() => {
    dropped += file.limit()?.droppedBytes ?? 0;
  }, 5);
  await once(child, "exit");
  clearInterval(look);
  const numbers = printed().flatMap((line) => (line.startsWith("[") ? [] : [Number(line.split(" ")[0])]));
  expect(numbers.at(-1)).toBe(19_999);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  if (dropped === 0) expect(numbers.length).toBeGreaterThan(19_000);
});

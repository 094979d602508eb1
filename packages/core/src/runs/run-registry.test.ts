import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { identifyProcess } from "./process-identity.ts";
import { parseRunEntry, type RunEntry } from "./run-entry.ts";
import { RunRegistry } from "./run-registry.ts";

const DAY_MS = 24 * 60 * 60_000;
const NOW_MS = Date.UTC(2030, 5, 1);
const GONE = { pid: 2 ** 22 + 1, startTime: "1" };

let state: string;
let registry: RunRegistry;
beforeEach(() => {
  state = mkdtempSync(join(process.env.XDG_RUNTIME_DIR as string, "state-"));
  registry = new RunRegistry(state);
  for (const part of ["runs", "logs"]) mkdirSync(join(state, part));
});

function entry(runId: string, more: object = {}): RunEntry {
  const logDirectory = join(state, "logs", runId);
  const fields = { runId, ...GONE, state: "stopped", startedAt: NOW_MS, endedAt: NOW_MS, logDirectory, ...more };
  return parseRunEntry(JSON.stringify(fields)) as RunEntry;
}

/** A run's file, and a log with a line. */
function record(runId: string, more: object = {}): string {
  registry.write(entry(runId, more));
  const log = join(state, "logs", runId);
  mkdirSync(log, { recursive: true });
  writeFileSync(join(log, "coordinator.jsonl"), "{}\n");
  return log;
}

const ids = () => registry.list().entries.map(({ runId }) => runId);

describe("The file of a run", () => {
  it("can be read by nobody else: it holds tokens of the environment (B6)", () => {
    registry.write(entry("secret"));
    expect(statSync(join(registry.directory, "secret.json")).mode & 0o777).toBe(0o600);
    registry.write(entry("secret", { name: "again" }));
    expect(statSync(join(registry.directory, "secret.json")).mode & 0o777).toBe(0o600);
  });

  it("that is no entry hides no run (H5)", () => {
    const write = (name: string, value: unknown) =>
      writeFileSync(
        join(registry.directory, `${name}.json`),
        typeof value === "string" ? value : JSON.stringify(value),
      );
    mkdirSync(join(registry.directory, "folder.json"));
    const good = { runId: "good", pid: 12, shape: "of a later version" };
    write("good", good);
    write("cut", '{"runId": "cut", "pi');
    for (const [name, wrong] of Object.entries({
      everybody: { pid: -1 },
      first: { pid: 1 },
      named: { name: 7 },
      argued: { argv: "no" },
      environment: { env: { A: 1 } },
      ended: { exit: "yes" },
      another: { runId: "good" },
      above: { runId: "../above" },
    }))
      write(name, { runId: name, pid: 12, ...wrong });
    const { entries, unreadable } = registry.list();
    expect(entries).toMatchObject([good]);
    expect(unreadable).toHaveLength(readdirSync(registry.directory).length - 1);
  });

  it("is only read where it is a file of this user: a FIFO blocks no command, a link leads nowhere", () => {
    const path = (name: string) => join(registry.directory, `${name}.json`);
    registry.write(entry("good"));
    expect(spawnSync("mkfifo", [path("fifo")]).status).toBe(0);
    writeFileSync(join(state, "elsewhere.json"), JSON.stringify({ runId: "linked", pid: 12 }));
    symlinkSync(join(state, "elsewhere.json"), path("linked"));
    symlinkSync("/dev/zero", path("device"));
    writeFileSync(path("huge"), `{"runId": "huge", "pid": 12, "cwd": "${"x".repeat(2 ** 21)}"}`);
    expect(ids()).toEqual(["good"]);
    expect(registry.list().unreadable).toEqual(["device", "fifo", "huge", "linked"].map(path));
  });

  it.runIf(process.getuid?.() === 0)(
    "is not read where it is somebody else's: its command could be run (only root can make one)",
    () => {
      registry.write(entry("theirs"));
      expect(spawnSync("chown", ["12345", join(registry.directory, "theirs.json")]).status).toBe(0);
      expect(ids()).toEqual([]);
    },
  );

  it("with a name that was put there by hand shows one that can be typed", () => {
    registry.write({ ...entry("hostile"), name: "--all \u001b[2J" });
    expect(registry.list().entries[0]?.name).toBe("all-2J");
  });

  it("says how the run has ended, though no other file can be made, as on a full disk", () => {
    // As large as a block of most disks, but for a few bytes.
    const cwd = `/${"x".repeat(3400)}`;
    registry.write(entry("full", { state: "running", cwd }));
    // In the place of the file that is written first.
    const beside = join(registry.directory, `full.json.${process.pid}.tmp`);
    mkdirSync(join(beside, "below"), { recursive: true });
    const reason = "asked to, by somebody who gave a reason of some length ".repeat(20);
    registry.write(entry("full", { cwd, exit: { reason } }));
    expect(registry.list().entries).toMatchObject([{ runId: "full", state: "stopped", exit: { reason } }]);
    expect(() => registry.write(entry("full", { exit: { reason: "x".repeat(9000) } }))).toThrow("EEXIST");
    expect(ids()).toEqual(["full"]);
  });

  it("leaves nothing beside it that could not be written", () => {
    mkdirSync(join(registry.directory, "taken.json"));
    expect(() => registry.write(entry("taken"))).toThrow("EISDIR");
    expect(readdirSync(registry.directory)).toEqual(["taken.json"]);
  });
});

describe("prune", () => {
  it("keeps the last 50 ended runs, with their logs", () => {
    const all = Array.from({ length: 52 }, (_, index) => `run-${String(index).padStart(2, "0")}`);
    for (const runId of all) record(runId);
    registry.prune(NOW_MS);
    expect(ids()).toEqual(all.slice(2));
    expect(readdirSync(join(state, "logs")).sort()).toEqual(all.slice(2));
  });

  it("forgets what ended more than 30 days ago, and counts from the end", () => {
    record("old", { startedAt: NOW_MS - 40 * DAY_MS, endedAt: NOW_MS - 30 * DAY_MS - 1 });
    record("long", { startedAt: NOW_MS - 40 * DAY_MS, endedAt: NOW_MS - 30 * DAY_MS + 1 });
    registry.prune(NOW_MS);
    expect([ids(), readdirSync(join(state, "logs"))]).toEqual([["long"], ["long"]]);
  });

  it("never forgets a run that is alive, however old", () => {
    const alive = { ...identifyProcess(process.pid), state: "running", endedAt: undefined };
    record("alive", { ...alive, startedAt: NOW_MS - 400 * DAY_MS });
    registry.prune(NOW_MS);
    expect([ids(), readdirSync(join(state, "logs"))]).toEqual([["alive"], ["alive"]]);
  });

  it("removes nothing outside of its directories, whatever a run's file says", () => {
    const precious = join(state, "precious", "logs", "lying");
    const sockets = join(state, "precious", "dimos-ts", "deadbeef");
    for (const directory of [precious, sockets]) {
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, "thesis"), "");
    }
    const wrong = { logDirectory: precious, endpoint: `unix:${sockets}/control`, endedAt: 1, startedAt: 1 };
    registry.write(entry("lying", wrong));
    registry.write(entry("killed", { ...wrong, state: "running" }));
    symlinkSync(precious, join(state, "logs", "linked"));
    registry.write(entry("linked", { endedAt: 1 }));
    registry.prune(NOW_MS);
    expect(ids()).toEqual([]);
    expect([precious, sockets].map((directory) => readdirSync(directory))).toEqual([["thesis"], ["thesis"]]);
  });

  it("takes the sockets of a killed run away, and not those that a live one uses", () => {
    const base = join(process.env.XDG_RUNTIME_DIR as string, "dimos-ts");
    const [dead, used] = ["0000dead", "0000beef"].map((name) => join(base, name)) as [string, string];
    for (const directory of [dead, used]) mkdirSync(directory, { recursive: true });
    record("dead", { state: "running", endpoint: `unix:${dead}/control` });
    record("thief", { state: "running", endpoint: `unix:${used}/control` });
    record("alive", { ...identifyProcess(process.pid), state: "running", endpoint: `unix:${used}/control` });
    registry.prune(NOW_MS);
    expect([dead, used].map((directory) => existsSync(directory))).toEqual([false, true]);
    expect(registry.list().entries.map(({ runId, state: is }) => [runId, is])).toEqual([
      ["alive", "running"],
      ["dead", "failed"],
      ["thief", "failed"],
    ]);
  });

  it("removes what killed processes left half done a day ago, and nothing younger", () => {
    const orphan = (id: string) => join(state, "logs", `20300101-000000-000-go2-${id}`);
    const old = [orphan("0001"), join(state, "logs", ".starting-12-1.log"), join(registry.directory, "a.json.12.tmp")];
    const young = [
      orphan("0002"),
      join(state, "logs", ".starting-12-2.log"),
      join(registry.directory, "b.json.12.tmp"),
    ];
    const foreign = join(state, "logs", "notes");
    for (const path of [...old, ...young, foreign]) {
      if (path.includes("go2")) mkdirSync(path);
      else writeFileSync(path, "");
      const ageMs = young.includes(path) ? DAY_MS / 2 : 2 * DAY_MS;
      utimesSync(path, (NOW_MS - ageMs) / 1000, (NOW_MS - ageMs) / 1000);
    }
    registry.prune(NOW_MS);
    expect(old.filter((path) => existsSync(path))).toEqual([]);
    expect([...young, foreign].filter((path) => !existsSync(path))).toEqual([]);
  });
});

it("keeps what a later version has written", () => {
  writeFileSync(join(registry.directory, "later.json"), JSON.stringify({ runId: "later", pid: 12, shape: "round" }));
  for (const found of registry.list().entries) registry.write(found);
  expect(JSON.parse(readFileSync(join(registry.directory, "later.json"), "utf8"))).toMatchObject({ shape: "round" });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RunRegistry } from "../runs/run-registry.ts";
import { RunRecord } from "./run-record.ts";

const PLAN = { name: "many", blueprints: [], config: {}, endpoint: "unix:/none", logDirectory: "/none" };

it("begins with no emergency stop of long ago when it is restarted: what is latched by then counts (I5)", () => {
  const directory = mkdtempSync(join(tmpdir(), "dimos-record-"));
  const env = { DIMOS_RESTARTED_ESTOP: "a child in the way", DIMOS_N_WORKERS: "1", HOME: "/root" };
  const registry = new RunRegistry(directory);
  const record = new RunRecord(registry, { ...PLAN, runId: "run" }, env, () => {});
  expect(registry.list().entries).toMatchObject([{ runId: "run", env: { DIMOS_N_WORKERS: "1" } }]);
  expect(record.entry.env).toEqual({ DIMOS_N_WORKERS: "1" });
  record.end("stopped", "asked to");
  rmSync(directory, { recursive: true });
});

it("neither ends a run nor keeps it from ending when its file cannot be written any more", () => {
  const directory = mkdtempSync(join(tmpdir(), "dimos-record-"));
  const errors: unknown[] = [];
  const record = new RunRecord(new RunRegistry(directory), { ...PLAN, runId: "run" }, {}, (error) =>
    errors.push(error),
  );
  rmSync(directory, { recursive: true });
  writeFileSync(directory, "");
  record.enter("running");
  record.end("stopped", "asked to");
  expect(errors).toHaveLength(2);
  expect(record.entry.state).toBe("stopped");
  rmSync(directory);
});

it("has room for the listeners of many runs in one process, and leaves none behind", async () => {
  const directory = mkdtempSync(join(tmpdir(), "dimos-record-"));
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => void warnings.push(name);
  process.on("warning", onWarning);
  const before = [process.listenerCount("exit"), process.getMaxListeners()];
  try {
    const plan = { name: "many", blueprints: [], config: {}, endpoint: "unix:/none", logDirectory: directory };
    const records = Array.from(
      { length: 12 },
      (_, index) => new RunRecord(new RunRegistry(directory), { ...plan, runId: `run-${index}` }, {}, () => {}),
    );
    expect(process.listenerCount("exit")).toBe((before[0] as number) + 12);
    for (const record of records) record.end("stopped", "asked to");
    for (const record of records) record.end("stopped", "asked twice");
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
    expect([process.listenerCount("exit"), process.getMaxListeners()]).toEqual(before);
  } finally {
    process.off("warning", onWarning);
    rmSync(directory, { recursive: true });
  }
});

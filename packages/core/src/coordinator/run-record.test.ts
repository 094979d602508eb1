import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RunRegistry } from "../runs/run-registry.ts";
import { RunRecord } from "./run-record.ts";

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

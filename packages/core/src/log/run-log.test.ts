import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openRunLog } from "./run-log.ts";

it("has the lines of the level that was asked for and of worse ones, with run, process and fields", () => {
  const logDirectory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "log-"));
  const options = { runId: "run-1", logDirectory, process: "w0", fields: { worker: "w0" } } as const;
  const log = openRunLog({ ...options, logLevel: "warn", consoleLevel: "silent" });
  log.info("not asked for");
  log.warn("low battery", { volts: 21 });
  log.child({ module: "Camera" }).error("no lens", { err: new Error("gone") });
  const lines = readFileSync(join(logDirectory, "w0.jsonl"), "utf8").trimEnd().split("\n");
  rmSync(logDirectory, { recursive: true });
  const common = { run: "run-1", pid: process.pid, worker: "w0", time: expect.stringMatching(/^\d{4}-.*Z$/) };
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { ...common, level: "warn", msg: "low battery", volts: 21 },
    {
      ...common,
      level: "error",
      msg: "no lens",
      module: "Camera",
      err: expect.objectContaining({ message: "gone", stack: expect.stringContaining("run-log.test.ts") }),
    },
  ]);
});

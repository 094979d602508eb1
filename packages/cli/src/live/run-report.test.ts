import { expect, it } from "vitest";
import { Paint } from "../output/paint.ts";
import { describeReport, type RunReport } from "./run-report.ts";

const WORKER = {
  name: "worker-0",
  pid: 7,
  state: "responsive",
  rssBytes: 0,
  hold: { held: false },
  modules: [],
} as const;

function report(memoryFaults: Readonly<Record<string, number>>): RunReport {
  return {
    runId: "run",
    name: "robot",
    state: "running",
    health: "healthy",
    pid: 1,
    startedAt: 0,
    endedAt: undefined,
    uptimeMs: 1000,
    reason: undefined,
    blueprints: [],
    cwd: "/",
    endpoint: "unix:/control",
    logDirectory: "/log",
    modules: [],
    workers: [{ ...WORKER, memoryFaults }],
    estop: undefined,
    unofferedSkills: [],
    isDiskFull: false,
  };
}

it("status names the streams whose shared memory something has written over, and only those", () => {
  const lines = (faults: Readonly<Record<string, number>>) =>
    String(describeReport(report(faults), 0, new Paint({ isTTY: false }))).split("\n");
  expect(lines({ "/image": 1, "/lidar": 4 }).slice(-3)).toEqual([
    "  degraded shared memory of /image was written over 1 time, see the log: MEMORY_FAULT",
    "  degraded shared memory of /lidar was written over 4 times, see the log: MEMORY_FAULT",
    "",
  ]);
  expect(lines({}).join("\n")).not.toContain("shared memory");
});

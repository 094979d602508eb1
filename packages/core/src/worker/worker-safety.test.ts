import { expect, it } from "vitest";
import { NOT_STOPPED } from "../safety/estop-state.ts";
import type { SafetyReport } from "./messages.ts";
import { WorkerSafety } from "./worker-safety.ts";

const LATCHED = { latched: true, reason: "from elsewhere", since: 0 } as const;

function create() {
  const reports: SafetyReport[] = [];
  const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  const leases = { acquire: () => Promise.resolve(), release() {} };
  const safety = new WorkerSafety({ leases, log, rewire() {}, report: (report) => reports.push(report) });
  const stopped = () => reports.flatMap((report) => (report.type === "Stopped" ? [report] : [])).at(-1)?.id as string;
  return { safety, reports, stopped };
}

it("A reset that the coordinator sent before it heard of a stop does not end that stop", async () => {
  const { safety, reports, stopped } = create();
  await safety.stopHere("a child in the way");
  expect(reports).toEqual([{ type: "Stopped", id: stopped(), reason: "a child in the way" }]);
  await expect(safety.change(NOT_STOPPED, undefined)).rejects.toMatchObject({ code: "ESTOP" });
  expect(safety.estop).toMatchObject({ latched: true, reason: "a child in the way" });
  // Nor does an earlier stop of the run that was on its way, with its reset.
  await safety.change(LATCHED, undefined);
  await expect(safety.change(NOT_STOPPED, undefined)).rejects.toMatchObject({ code: "ESTOP" });
  expect(safety.isStopped).toBe(true);
});

it("A reset that comes after the coordinator has heard of a stop ends it", async () => {
  const { safety, stopped } = create();
  await safety.stopHere("a child in the way");
  await safety.change(LATCHED, stopped());
  await safety.change(NOT_STOPPED, stopped());
  expect(safety.isStopped).toBe(false);
});

it("A second stop is not ended by the reset of the first", async () => {
  const { safety, stopped } = create();
  await safety.stopHere("first");
  const first = stopped();
  await safety.change(LATCHED, first);
  await safety.stopHere("second");
  await expect(safety.change(NOT_STOPPED, first)).rejects.toMatchObject({ code: "ESTOP" });
  expect(safety.isStopped).toBe(true);
  await safety.change(NOT_STOPPED, stopped());
  expect(safety.isStopped).toBe(false);
});

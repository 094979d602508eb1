import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { RunRegistry, stateDirectory } from "@dimos/core";
import { expect, it } from "vitest";
import { StressTest } from "../test/stress-test.ts";
import { findRun } from "./find-run.ts";
import { Dimos } from "./index.ts";

it("drives the robot that is meant, and asks when that could be two (A16)", async () => {
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 0 });
  await app.run(StressTest);
  const [own] = new RunRegistry(stateDirectory(process.env)).alive();
  if (own === undefined) throw new Error("the run is not in its registry");
  /** Runs of this process, as a user may have them, by id and name. */
  const findAmong = (names: Readonly<Record<string, string>>) => {
    const state = mkdtempSync(join(process.env.XDG_RUNTIME_DIR as string, "state-"));
    const registry = new RunRegistry(state);
    for (const [runId, name] of Object.entries(names)) registry.write({ ...own, runId, name });
    return (wanted?: string) => findRun(wanted, { DIMOS_STATE_DIR: state }).runId;
  };
  const find = findAmong({ "20300101-a1": "rover", "20300101-b2": "rover-2", "20300102-c3": "arm" });
  expect(find("rover")).toBe("20300101-a1");
  expect(find("rover-")).toBe("20300101-b2");
  expect(find("ar")).toBe("20300102-c3");
  expect(find("20300102")).toBe("20300102-c3");
  for (const wanted of ["rov", "20300101", undefined])
    expect(() => find(wanted)).toThrow(
      "Several runs are alive; say which one: 20300101-a1 (rover), 20300101-b2 (rover-2)",
    );
  expect(() => find("rovr")).toThrow(/^No run "rovr" is alive\. Did you mean "rover"/);
  expect(() => findAmong({})()).toThrow("No running dimos found. Start one with: dimos run <blueprint>");
});

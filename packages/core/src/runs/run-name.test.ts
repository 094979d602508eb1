import { expect, it } from "vitest";
import type { RunEntry } from "./run-entry.ts";
import { checkRunName, fitRunName, isRunName } from "./run-name.ts";
import { selectRuns } from "./select-runs.ts";

it.each([
  "-x",
  "--all",
  "a b",
  "a/b",
  "../up",
  "bell\u0007",
  "\u001b[31mred",
  "two\nlines",
  "a+b",
  ".hidden",
  "",
  "ä",
  "x".repeat(65),
  7,
])("refuses %j, which could not be stopped, or would move the cursor", (name) => {
  expect(() => checkRunName(name)).toThrow(/^the name of a run must be a name of at most 64 letters, digits, /);
});

it.each(["a", "Rover-2", "go2.lab_1", "x".repeat(64), undefined])("takes %j", (name) => {
  expect(() => checkRunName(name)).not.toThrow();
});

it.each([
  [["good"], "good"],
  [["unitree-go2", "arm"], "unitree-go2-arm"],
  [["./bots/rover.ts#patrol"], "rover.ts-patrol"],
  [["/home/me/rover.ts", "../arm.ts"], "rover.ts-arm.ts"],
  [["file:///home/me/rover.ts"], "rover.ts"],
  [["@acme/rover#patrol"], "acme-rover-patrol"],
  [["robot0/Camera"], "robot0-Camera"],
  [["--\u001b[31m\n"], "31m"],
  [["/"], "run"],
  [["x".repeat(63), "y"], "x".repeat(63)],
])("makes a name of %j", (from, name) => {
  expect(fitRunName(...from)).toBe(name);
  expect(isRunName(fitRunName(...from))).toBe(true);
});

it("finds a run by what it was started from", () => {
  const runs = [
    { runId: "1", name: "rover.ts" },
    { runId: "2", name: "run" },
  ] as unknown as readonly RunEntry[];
  expect(selectRuns(runs, "./bots/rover.ts").map(({ runId }) => runId)).toEqual(["1"]);
  expect(selectRuns(runs, "???")).toEqual([]);
});

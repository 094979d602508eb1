import { describe, expect, it } from "vitest";
import { type Ending, endingOf, reasonOf, type VitestReport, verdictOf } from "./verdict.ts";

const test = (status: string, ...failureMessages: string[]) => ({ status, fullName: "it drives", failureMessages });
const report = (success: boolean, ...assertionResults: ReturnType<typeof test>[]): VitestReport => ({
  success,
  testResults: [{ assertionResults }],
});

describe("a test file", () => {
  it.each<[string, VitestReport | undefined, Ending]>([
    ["that passes", report(true, test("passed")), "passed"],
    ["with a failed assertion", report(false, test("passed"), test("failed", "AssertionError: 1")), "failed"],
    ["that leaves a process behind", report(false, test("passed")), "failed"],
    ["whose set-up fails", report(false, test("skipped")), "failed"],
    ["that cannot be loaded", report(false), "unreadable"],
    ["of which vitest says nothing", undefined, "unreadable"],
    [
      "that meets a name which is not there",
      report(false, test("failed", "ReferenceError: x is not defined")),
      "unreadable",
    ],
    [
      "that meets such a name, and fails otherwise as well",
      report(false, test("failed", "ReferenceError: x is not defined"), test("failed", "AssertionError: 1")),
      "failed",
    ],
  ])("%s", (_, result, ending) => {
    expect(endingOf(result, ending === "passed" ? 0 : 1)).toBe(ending);
  });

  it("that passes, and leaves an error that nobody handled", () => {
    expect(endingOf(report(true, test("passed")), 1)).toBe("failed");
  });
});

it("is told with the test that failed first, or with what kept it from being loaded", () => {
  expect(reasonOf(report(false, test("passed"), test("failed", "AssertionError: 1")))).toBe(
    "it drives\nAssertionError: 1",
  );
  expect(reasonOf({ success: false, testResults: [{ message: "no such file", assertionResults: [] }] })).toBe(
    "no such file",
  );
  expect(reasonOf(undefined)).toBeUndefined();
});

describe("a mutation", () => {
  it.each<[readonly Ending[], string]>([
    [["failed"], "noticed"],
    [["failed", "timeout"], "noticed"],
    [["failed", "passed"], "survived"],
    [["passed"], "survived"],
    [["failed", "unreadable"], "broken"],
    [["red"], "broken"],
    [[], "survived"],
  ])("whose tests are %j is %s", (endings, verdict) => {
    expect(verdictOf(endings)).toBe(verdict);
  });
});

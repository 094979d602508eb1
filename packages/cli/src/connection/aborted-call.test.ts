import { expect, it } from "vitest";
import { describeAborted, type LateOutcome } from "./aborted-call.ts";

const answered = (value: unknown): LateOutcome => ({ status: "fulfilled", value });

it.each<[string, LateOutcome, string]>([
  [
    "how far the robot came",
    answered({ status: "cancelled", moved: 1.618, turnedDegrees: -0.3 }),
    "walk was aborted: the robot moved 1.62 m, and has stopped",
  ],
  [
    "how far it turned",
    answered({ moved: 0, turnedDegrees: -89.6 }),
    "walk was aborted: the robot moved 0.00 m and turned 90° to the right, and has stopped",
  ],
  ["what else was answered", answered({ corners: 3 }), 'walk was aborted. It answered: {"corners":3}'],
  ["nothing of an answer that is none", answered(undefined), "walk was aborted"],
  ["what was thrown", { status: "rejected", reason: new Error("a leg broke") }, "walk was aborted: a leg broke"],
  [
    "what stops a robot whose skill does not end",
    undefined,
    "walk was told to abort, and has not ended yet. To stop the robot in any case: dimos estop",
  ],
])("an aborted call is told with %s", (_what, outcome, sentence) => {
  expect(describeAborted("walk", outcome)).toBe(sentence);
});

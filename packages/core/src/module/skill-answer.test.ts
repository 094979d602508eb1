import { expect, test } from "vitest";
import { isDone } from "./skill-answer.ts";

test("what ended as blocked, cancelled or timeout was not done", () => {
  expect(
    [{ status: "blocked" }, { status: "timeout" }, { status: "reached" }, {}, undefined, "blocked"].map(isDone),
  ).toEqual([false, false, true, true, true, true]);
});

import { describe, expect, it } from "vitest";
import { EstopError, HoldError } from "../errors.ts";
import { answerAfterEnd, errorAfterEnd } from "./skill-answer.ts";

const why = "held for 2.3 s, the coordinator did not answer";
const held = new HoldError("Walker.walk", why);
const stopped = new EstopError("Walker.walk", { reason: "a child in the way" }, { isEnd: true });

describe("The caller of a skill that a hold has ended", () => {
  it("hears what was measured, and why it ended", () => {
    const answer = { status: "cancelled", moved: 0.2, error: "The goal was cancelled." };
    expect(answerAfterEnd(answer, held)).toEqual({ status: "cancelled", moved: 0.2, error: why });
    expect(answerAfterEnd({ status: "reached" }, held)).toEqual({ status: "reached" });
  });

  it("hears that it was cancelled when the skill says nothing of how it ended", () => {
    expect(() => answerAfterEnd(undefined, held)).toThrow(
      "Walker.walk was cancelled: held for 2.3 s, the coordinator did not answer. Ask for it again",
    );
  });

  it("hears that instead of what the skill threw", () => {
    const thrown = new Error("The goal was cancelled.");
    expect(errorAfterEnd(thrown, held)).toMatchObject({ code: "HELD", message: held.message, cause: thrown });
    expect(errorAfterEnd(stopped, held)).toBe(stopped);
    expect(errorAfterEnd(thrown, stopped)).toMatchObject({ code: "ESTOP", message: stopped.message, cause: thrown });
  });
});

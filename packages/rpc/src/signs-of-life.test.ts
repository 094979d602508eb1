import { expect, test } from "vitest";
import { SignsOfLife } from "./signs-of-life.ts";

test("K5 a caller that answers more than it was asked does not drive a robot behind its own back", () => {
  const asked: number[] = [];
  const signs = new SignsOfLife({ ask: (question) => asked.push(question), onSilent: () => {} });
  signs.begin();
  try {
    expect(asked).toEqual([1]);
    for (const question of [2, 1_000, Number.MAX_SAFE_INTEGER, 0, -1]) signs.answer(question);
    expect(signs.unanswered).toBe(1);
    signs.answer(1);
    expect(signs.unanswered).toBe(0);
    // Begun already: what is watched for two calls is asked once.
    signs.begin();
    expect(asked).toEqual([1]);
  } finally {
    signs.end();
  }
});

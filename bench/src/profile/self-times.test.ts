import { expect, test } from "vitest";
import { selfTimes } from "./self-times.ts";

test("adds the samples of a function, the most first, and leaves idle time out", () => {
  const frame = (functionName: string, url = "", lineNumber = -1) => ({ functionName, url, lineNumber });
  const profile = {
    nodes: [
      { id: 1, callFrame: frame("(idle)") },
      { id: 2, callFrame: frame("encode", "file:///a/src/codec/encoder.ts", 9) },
      { id: 3, callFrame: frame("writev") },
      { id: 4, callFrame: frame("encode", "file:///a/src/codec/encoder.ts", 9) },
    ],
    samples: [1, 2, 3, 4],
    timeDeltas: [5000, 1000, 1000, 2000],
  };
  expect(selfTimes(profile)).toEqual([
    { where: "encode codec/encoder.ts:10", ms: 3, share: 0.75 },
    { where: "writev", ms: 1, share: 0.25 },
  ]);
});

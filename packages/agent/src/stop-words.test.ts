import { expect, test } from "vitest";
import { stopsRobot } from "./stop-words.ts";

test.each([
  ["stop", "only"],
  ["STOP!!!", "only"],
  ["stop stop stop", "only"],
  ["Please stop now.", "only"],
  ["wait, stop!", "only"],
  ["robot, stop moving!", "only"],
  ["emergency stop", "only"],
  ["don't move", "only"],
  ["stop exploring", "only"],
  ["halt", "only"],
  ["stop and turn left", "first"],
  ["stop, then what do you see?", "first"],
  ["stop at the kitchen", "first"],
  ["don't stop", undefined],
  ["walk forward and then stop", undefined],
  ["go to the bus stop", undefined],
  ["stopwatch", undefined],
  ["", undefined],
])("%j stops: %s", (text, expected) => {
  expect(stopsRobot(text)).toBe(expected);
});

test("a long message is looked at in no time", () => {
  const startMs = performance.now();
  for (const part of ["stop ", "stop it ", "a", " ", "stop\n", "!"])
    stopsRobot(`${part.repeat(10_000 / part.length)}x`);
  expect(performance.now() - startMs).toBeLessThan(2000);
});

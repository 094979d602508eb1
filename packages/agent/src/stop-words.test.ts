import { expect, test } from "vitest";
import { stopsRobot } from "./stop-words.ts";

test.each([
  ["stop", "only"],
  ["STOP!!!", "only"],
  ["stop stop stop", "only"],
  ["Please stop now.", "only"],
  ["wait, stop!", "only"],
  ["robot, stop moving!", "only"],
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

test.each([
  ["emergency stop", "emergency"],
  ["EMERGENCY STOP!!!", "emergency"],
  ["Emergency-Stop", "emergency"],
  ["emergencystop", "emergency"],
  ["emergancy stop", "emergency"],
  ["e-stop", "emergency"],
  ["E-STOP NOW!", "emergency"],
  ["e.stop", "emergency"],
  ["estop", "emergency"],
  ["eStop please", "emergency"],
  ["emergency halt", "emergency"],
  ["emergency!", "emergency"],
  ["stop, this is an emergency", "emergency"],
  ["stop stop emergency stop", "emergency"],
  ["hit the emergency stop button", "emergency"],
  ["do an emergency stop", "emergency"],
  ["press the kill switch", "emergency"],
  ["emergency stop, then turn left", "emergency-first"],
  ["stop! hit the e-stop because of the child", "emergency-first"],
  ["emergency stop, clear the area!", "emergency-first"],
  ["emergency stop over there", "emergency-first"],
  ["e-stop! get off the road", "emergency-first"],
  ["Abort! Emergency stop!", "emergency"],
  ["reset the emergency stop", undefined],
  ["the emergency stop was cleared, walk 1 m", undefined],
  ["cancel the emergency stop", undefined],
  ["emergency stop reset", undefined],
  ["the emergency stop is released", undefined],
  ["an emergency stop is needed!", "emergency-first"],
  ["emerge", undefined],
  ["is there an e-stop?", undefined],
  ["go to the emergency exit", undefined],
  ["where is the emergency exit", undefined],
  ["emerge from the tunnel", undefined],
  ["stop at the emergency exit", "first"],
  ["the step is 2 m", undefined],
])("%j latches the emergency stop, or does not: %s", (text, expected) => {
  expect(stopsRobot(text)).toBe(expected);
});

test("a long message is looked at in no time", () => {
  const startMs = performance.now();
  for (const part of ["stop ", "stop it ", "a", " ", "stop\n", "!", "emergency ", "e stop ", "hit the "])
    stopsRobot(`${part.repeat(10_000 / part.length)}x`);
  expect(performance.now() - startMs).toBeLessThan(2000);
});

import { expect, it } from "vitest";
import { Patience } from "../src/patience.ts";

it("counts the time that has passed and not the looks, which come late on a busy machine", () => {
  const patience = new Patience(5000, 1000);
  const looks = Array.from({ length: 18 }, (_, i) => patience.isOver(false, 1300 + i * 300));
  expect(looks.indexOf(true)).toBe(16);
  expect(patience.isOver(true, 9000)).toBe(false);
  expect(patience.isOver(false, 9100)).toBe(false);
});

it("does not count an hour in which the process was stopped: it has heard nothing then", () => {
  const patience = new Patience(5000, 0);
  expect(patience.isOver(false, 100)).toBe(false);
  expect(patience.isOver(false, 3_600_000)).toBe(false);
});

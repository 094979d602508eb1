import { expect, it } from "vitest";
import { StallMeter } from "./stall-meter.ts";

it("counts how long no beat has come, and begins anew with each", () => {
  const meter = new StallMeter(100, () => ({ isReady: false, ranMs: 0 }));
  expect([0, 50, 100].map((ms) => meter.read(1, ms))).toEqual([0, 50, 100]);
  expect(meter.read(2, 150)).toBe(0);
  expect(meter.read(2, 200)).toBe(50);
});

it("counts of a thread that is ready only what it ran, and never what the reader itself was held up", () => {
  let ranMs = 0;
  const meter = new StallMeter(100, () => ({ isReady: true, ranMs }));
  meter.read(1, 0);
  ranMs = 10;
  expect(meter.read(1, 50)).toBe(10);
  ranMs = 9000;
  expect(meter.read(1, 10_000)).toBe(110);
});

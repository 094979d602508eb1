import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { mainThread, StallMeter } from "./stall-meter.ts";

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

it("does not count what is excused, and goes on from there", () => {
  const meter = new StallMeter(100, () => ({ isReady: false, ranMs: 0 }));
  expect([0, 50].map((ms) => meter.read(1, ms))).toEqual([0, 50]);
  expect([100, 150].map((ms) => meter.read(1, ms, true))).toEqual([50, 50]);
  expect(meter.read(1, 200)).toBe(100);
});

it("sees whether a thread of another process runs, or is stopped", async () => {
  const child = spawn("/bin/sh", ["-c", "while :; do :; done"]);
  const pid = child.pid as number;
  try {
    await expect.poll(() => mainThread(pid).ranMs).toBeGreaterThan(50);
    expect(mainThread(pid).isReady).toBe(true);
    process.kill(pid, "SIGSTOP");
    await expect.poll(() => mainThread(pid).isReady).toBe(false);
  } finally {
    child.kill("SIGKILL");
  }
});

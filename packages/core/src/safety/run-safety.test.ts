import { expect, it } from "vitest";
import { NOT_STOPPED } from "./estop-state.ts";
import { RunSafety } from "./run-safety.ts";

const request = (lease: string) => ({
  lease,
  capabilities: ["movement"],
  instance: "Walker",
  skill: "Walker.walk",
  lifecycle: "instant" as const,
  endedBy: undefined,
  lentBy: undefined,
  waitMs: 60_000,
});

it("Nothing is allowed to move from an emergency stop to its reset, and everything after it (I5)", async () => {
  const safety = new RunSafety();
  const leases = safety.leasesOf("worker-1");
  await leases.acquire(request("first"));
  const waiting = leases.acquire(request("second"));
  safety.latch("a child in the way");
  for (const refused of [waiting, leases.acquire(request("third"))])
    await expect(refused).rejects.toMatchObject({
      code: "ESTOP",
      message: expect.stringContaining("(a child in the way)"),
    });
  leases.release("first");
  safety.reset();
  await leases.acquire(request("fourth"));
  expect(safety.capabilities.holders()).toHaveLength(1);
});

it("People are told why the robot was stopped first, however often it is stopped again (I5)", () => {
  const safety = new RunSafety();
  expect([safety.estop, safety.lastReset]).toEqual([NOT_STOPPED, undefined]);
  const first = safety.latch("a child in the way");
  expect(safety.latch("again")).toBe(first);
  expect(safety.estop).toMatchObject({ latched: true, reason: "a child in the way" });
  safety.reset();
  safety.reset();
  expect([safety.estop, safety.lastReset]).toEqual([NOT_STOPPED, first]);
  expect(safety.latch("a dog").reason).toBe("a dog");
});

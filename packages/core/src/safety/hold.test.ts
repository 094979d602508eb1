import { beforeEach, describe, expect, it } from "vitest";
import { describeHold, Hold, type HoldEvent } from "./hold.ts";

describe("A hold", () => {
  let nowMs = 0;
  let events: (HoldEvent | { readonly overdueMs: number })[] = [];
  let hold: Hold;
  const reason = "the coordinator did not answer";
  const began = { phase: "began", reason } as const;

  beforeEach(() => {
    nowMs = 0;
    events = [];
    hold = new Hold(
      { changed: (event) => events.push(event), overdue: (overdueMs) => events.push({ overdueMs }) },
      () => nowMs,
    );
  });

  it("of a moment ends with its reason, and what was moving goes on", () => {
    hold.add("coordinator-silent");
    expect(hold.isHeld).toBe(true);
    nowMs = 1000;
    hold.remove("coordinator-silent");
    expect(hold.isHeld).toBe(false);
    expect(events).toEqual([began, { phase: "ended", reason, heldMs: 1000, isCancelled: false }]);
  });

  it("that lasted longer stays until what was moving has been cancelled", () => {
    hold.add("coordinator-silent");
    nowMs = 2300;
    hold.remove("coordinator-silent");
    expect(hold.isHeld).toBe(true);
    nowMs = 2350;
    hold.release();
    expect(hold.isHeld).toBe(false);
    expect(events).toEqual([began, { overdueMs: 2300 }, { phase: "ended", reason, heldMs: 2350, isCancelled: true }]);
    expect(describeHold(2300, reason)).toBe("held for 2.3 s, the coordinator did not answer");
  });

  it("does not end while another reason is left, and is told once", () => {
    hold.add("coordinator-silent");
    hold.add("link-lost");
    hold.add("link-lost");
    nowMs = 500;
    hold.remove("coordinator-silent");
    hold.release();
    expect(hold.isHeld).toBe(true);
    expect(events).toEqual([began]);
    hold.remove("link-lost");
    expect(events).toEqual([began, { phase: "ended", reason, heldMs: 500, isCancelled: false }]);
  });

  it("is not released by an answer to the silence before when the coordinator is silent again", () => {
    hold.add("coordinator-silent");
    nowMs = 1500;
    hold.remove("coordinator-silent");
    hold.add("coordinator-silent");
    hold.release();
    expect(hold.isHeld).toBe(true);
    nowMs = 4000;
    hold.remove("coordinator-silent");
    expect(events.slice(1)).toEqual([{ overdueMs: 1500 }, { overdueMs: 4000 }]);
  });

  it("does not exist before its first reason", () => {
    hold.remove("link-lost");
    hold.release();
    expect(hold.isHeld).toBe(false);
    expect(events).toEqual([]);
  });
});

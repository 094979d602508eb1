import { describe, expect, it } from "vitest";
import { messageOf } from "./message-argument.ts";

describe("a message on the command line", () => {
  it("is one JSON value, or pairs that may name a place further in", () => {
    expect(messageOf(['{"x":1}'])).toEqual({ x: 1 });
    expect(messageOf(["[1,2]"])).toEqual([1, 2]);
    expect(messageOf(["linear.x=0.5", "linear.y=-1", "label=to the door", "tags=[1]"])).toEqual({
      linear: { x: 0.5, y: -1 },
      label: "to the door",
      tags: [1],
    });
    expect(messageOf(["__proto__.polluted=1"])).not.toHaveProperty("polluted");
    expect({}).not.toHaveProperty("polluted");
  });

  it.each([
    [[], "Say what to publish"],
    [["{x:1}"], "The message is not JSON"],
    [["x=1", "two"], 'got "two" among others'],
    [["x=1", "x=2"], "x is given twice"],
    [["x=1", "x.y=2"], "x.y is given twice, as a value and as a group"],
  ])("%j is refused with the reason", (texts, reason) => {
    expect(() => messageOf(texts)).toThrow(reason);
  });
});

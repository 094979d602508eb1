import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { CoordinatorStoppedError } from "../errors.ts";
import { ChangeQueue } from "./change-queue.ts";

/** A queue, and changes that last until they are let go. */
function openQueue() {
  const stopping = new AbortController();
  const queue = new ChangeQueue(stopping.signal);
  const begun: string[] = [];
  const step = (name: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const change = () => {
      begun.push(name);
      return promise;
    };
    return { change, end: resolve };
  };
  return { queue, begun, step, stopping };
}

describe("Changes of a run", () => {
  it("are done one after the other, in their order, also when one fails", async () => {
    const { queue, begun, step } = openQueue();
    const [first, second] = [step("first"), step("second")];
    const failed = queue.add(() => first.change().then(() => Promise.reject(new Error("no"))));
    const done = queue.add(second.change);
    await turn();
    expect(begun).toEqual(["first"]);
    first.end();
    await expect(failed).rejects.toThrow("no");
    await turn();
    expect(begun).toEqual(["first", "second"]);
    second.end();
    await done;
    await queue.idle;
  });

  it("are not waited for by a recovery, but for one that concerns its module", async () => {
    const { queue, begun, step } = openQueue();
    const [load, restart, ofA, ofB] = [
      step("load"),
      step("restart of A"),
      step("recovery of A"),
      step("recovery of B"),
    ];
    void queue.add(load.change);
    await turn();
    void queue.recover(["B"], ofB.change);
    void queue.add(restart.change, ["A"]);
    await turn();
    expect(begun).toEqual(["load", "recovery of B"]);
    load.end();
    await turn();
    // A change waits for recoveries.
    expect(begun).toHaveLength(2);
    ofB.end();
    await turn();
    void queue.recover(["A", "B"], ofA.change);
    await turn();
    expect(begun).toEqual(["load", "recovery of B", "restart of A"]);
    restart.end();
    await turn();
    expect(begun.at(-1)).toBe("recovery of A");
    let isIdle = false;
    const idle = queue.idle.then(() => {
      isIdle = true;
    });
    await turn();
    expect(isIdle).toBe(false);
    ofA.end();
    await idle;
  });

  it("do not begin once the run is stopping", async () => {
    const { queue, begun, step, stopping } = openQueue();
    const first = step("first");
    const done = queue.add(first.change);
    const late = queue.add(step("late").change);
    await turn();
    stopping.abort();
    first.end();
    await done;
    await expect(late).rejects.toBeInstanceOf(CoordinatorStoppedError);
    await expect(queue.recover(["A"], step("recovery").change)).rejects.toBeInstanceOf(CoordinatorStoppedError);
    expect(begun).toEqual(["first"]);
  });
});

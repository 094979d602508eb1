import { describe, expect, it } from "vitest";
import { monotonicMs } from "./delivery.ts";
import { Edge } from "./edge.ts";

function deliver(edge: Edge<number>, ...values: number[]): Array<void | Promise<void>> {
  return values.map((message) => edge.push(message, monotonicMs()));
}

/** A subscriber that is busy until it is released. */
function slowSubscriber() {
  const seen: number[] = [];
  const releases: (() => void)[] = [];
  let running = 0;
  const subscriber = async (value: number) => {
    expect(++running).toBe(1);
    seen.push(value);
    await new Promise<void>((resolve) => releases.push(resolve));
    running--;
  };
  const release = async () => {
    releases.shift()?.();
    await new Promise(setImmediate);
  };
  return { seen, subscriber, release };
}

const noErrors = (error: unknown) => {
  throw error;
};

describe("Edge", () => {
  it("keeps only the newest message for a busy latest subscriber, and counts the others (F1, F2)", async () => {
    const { seen, subscriber, release } = slowSubscriber();
    const edge = new Edge<number>(subscriber, { keep: "latest" }, noErrors);
    deliver(edge, 1, 2, 3, 4);
    await release();
    await release();
    expect(seen).toEqual([1, 4]);
    expect(edge.counters).toMatchObject({ delivered: 2, droppedOverrun: 2, droppedAge: 0, droppedRate: 0 });
  });

  it("drops the oldest of a full queue (F2)", async () => {
    const { seen, subscriber, release } = slowSubscriber();
    const edge = new Edge<number>(subscriber, { keep: "queue", depth: 2 }, noErrors);
    deliver(edge, 1, 2, 3, 4);
    for (let turn = 0; turn < 4; turn++) await release();
    expect(seen).toEqual([1, 3, 4]);
    expect(edge.counters.droppedOverrun).toBe(1);
  });

  it("holds the publisher back when a keep-all subscriber is far behind, and loses nothing (F4)", async () => {
    const { seen, subscriber, release } = slowSubscriber();
    const edge = new Edge<number>(subscriber, { keep: "all" }, noErrors);
    const waits = deliver(edge, ...Array.from({ length: 100 }, (_, index) => index));
    expect(waits.filter((wait) => wait === undefined)).toHaveLength(64);
    let hasRoom = false;
    void waits[99]?.then(() => {
      hasRoom = true;
    });
    for (let turn = 0; turn < 50; turn++) await release();
    expect(hasRoom).toBe(false);
    for (let turn = 0; turn < 50; turn++) await release();
    expect(hasRoom).toBe(true);
    expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it("drops what a publisher that does not wait has published above 64 MB, and is told of it once", async () => {
    const { seen, subscriber, release } = slowSubscriber();
    const frames = Array.from({ length: 8 }, (_, n) => ({ n, data: new Uint8Array(16 * 1024 ** 2) }));
    let overruns = 0;
    const onOverrun = () => {
      overruns++;
    };
    const edge = new Edge<{ n: number }>(({ n }) => subscriber(n), { keep: "all" }, noErrors, onOverrun);
    const waits = frames.map((frame) => edge.push(frame, monotonicMs()));
    expect(edge.counters.droppedOverrun).toBe(3);
    for (let turn = 0; turn < 5; turn++) await release();
    await Promise.all(waits);
    void edge.push({ n: 8 }, monotonicMs());
    expect(seen).toEqual([0, 1, 2, 3, 4, 8]);
    expect(overruns).toBe(1);
  });

  it("delivers nothing after close, also when closed inside the subscriber (F3)", () => {
    const seen: number[] = [];
    const edge: Edge<number> = new Edge<number>(
      (value) => {
        seen.push(value);
        edge.close();
      },
      { keep: "queue" },
      noErrors,
    );
    deliver(edge, 1, 2);
    expect(seen).toEqual([1]);
  });

  it("reports a throwing and a rejecting subscriber and goes on (F3)", async () => {
    const errors: unknown[] = [];
    const edge = new Edge<number>(
      (value) => {
        if (value === 1) throw new Error("thrown");
        return value === 2 ? Promise.reject(new Error("rejected")) : undefined;
      },
      { keep: "queue" },
      (error) => errors.push((error as Error).message),
    );
    deliver(edge, 1, 2, 3);
    await new Promise(setImmediate);
    expect(errors).toEqual(["thrown", "rejected"]);
    expect(edge.counters.delivered).toBe(3);
  });

  it("drops what is older than maxAgeMs when its turn comes (F5)", () => {
    const seen: number[] = [];
    const edge = new Edge<number>((value) => seen.push(value), { keep: "queue", maxAgeMs: 50 }, noErrors);
    edge.push(1, monotonicMs() - 60);
    edge.push(2, monotonicMs());
    expect(seen).toEqual([2]);
    expect(edge.counters.droppedAge).toBe(1);
  });

  it("drops what comes above maxRateHz", () => {
    const seen: number[] = [];
    const edge = new Edge<number>((value) => seen.push(value), { keep: "queue", maxRateHz: 1 }, noErrors);
    deliver(edge, 1, 2, 3);
    expect(seen).toEqual([1]);
    expect(edge.counters.droppedRate).toBe(2);
  });
});

import { describe, expect, it } from "vitest";
import { z } from "zod";
import { message } from "../message.ts";
import type { Qos } from "../qos.ts";
import { monotonicMs } from "./delivery.ts";
import { In } from "./in.ts";
import { Out } from "./out.ts";
import { Topic } from "./topic.ts";

const Count = message("test/Count", z.number());

function wired(qos: Qos = Count.qos) {
  const stop = new AbortController();
  const errors: unknown[] = [];
  const topic = new Topic("/count", Count.name, qos.latched === true);
  const input = new In("count", Count, { qos, signal: stop.signal, onError: (error) => errors.push(error) });
  const output = new Out("count", Count, { validate: false });
  input.attach(topic);
  output.attach(topic);
  return { topic, input, output, errors, stop };
}

const turn = () => new Promise(setImmediate);

describe("In", () => {
  it("gives 100 fast messages to a slow handler in few calls that never overlap, the last one included (F1)", async () => {
    const { input, output } = wired();
    const seen: number[] = [];
    let running = 0;
    input.handle(async (count) => {
      expect(++running).toBe(1);
      seen.push(count);
      await turn();
      running--;
    });
    for (let count = 1; count <= 100; count++) output.publish(count);
    while (seen.at(-1) !== 100) await turn();
    expect(seen.length).toBeLessThan(10);
  });

  it("aborts the handler in flight when the module stops, without reporting it (F1)", async () => {
    const { input, output, stop, errors } = wired();
    let aborted = false;
    input.handle(
      (_count, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
    );
    output.publish(1);
    stop.abort();
    await turn();
    expect(aborted).toBe(true);
    expect(errors).toEqual([]);
  });

  it("lets a slow subscriber slow neither the publisher nor a fast subscriber (F2)", async () => {
    const { input, output } = wired();
    const fast: number[] = [];
    input.subscribe(() => new Promise(() => {}));
    input.subscribe((count) => fast.push(count));
    for (let count = 1; count <= 100; count++) output.publish(count);
    expect(fast).toHaveLength(100);
    expect(input.counters.map(({ delivered, droppedOverrun }) => [delivered, droppedOverrun])).toEqual([
      [1, 83],
      [100, 0],
    ]);
  });

  it("lets a subscriber leave inside its callback, more than once, and disturbs no other (F3)", () => {
    const { input, output } = wired();
    const once: number[] = [];
    const always: number[] = [];
    const leave = input.subscribe((count) => {
      once.push(count);
      leave();
      leave();
    });
    input.subscribe((count) => always.push(count));
    output.publish(1);
    output.publish(2);
    expect([once, always]).toEqual([[1], [1, 2]]);
  });

  it("has the latest message, and the next one, and gives up on it in time and on abort", async () => {
    const { input, output } = wired();
    expect(input.latest()).toBeUndefined();
    output.publish(1);
    expect(input.latest()).toBe(1);
    const next = input.next();
    output.publish(2);
    output.publish(3);
    expect(await next).toBe(2);
    await expect(input.next({ timeoutMs: 5 })).rejects.toThrow('No message arrived on "count" within 5 ms');
    const patient = [2 ** 31, Number.POSITIVE_INFINITY].map((timeoutMs) => input.next({ timeoutMs }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    output.publish(4);
    expect(await Promise.all(patient)).toEqual([4, 4]);
    await expect(input.next({ signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    expect(input.counters).toEqual([]);
  });

  it("is iterated message by message until the module stops", async () => {
    const { input, output, stop } = wired();
    const seen: number[] = [];
    const loop = (async () => {
      for await (const count of input) {
        seen.push(count);
        if (count === 3) stop.abort();
      }
    })();
    await turn();
    output.publish(1);
    output.publish(2);
    output.publish(3);
    await loop;
    expect(seen).toEqual([1, 2, 3]);
  });

  it("gives a loop no command of before an emergency stop, though it had arrived and was about to be driven (I5)", async () => {
    const { input, output, stop } = wired({ keep: "queue", depth: 8 });
    const driven: number[] = [];
    const loop = (async () => {
      for await (const command of input) {
        driven.push(command);
        if (command === 4) stop.abort();
      }
    })();
    await turn();
    output.publish(1);
    await turn();
    output.publish(2);
    output.publish(3);
    input.discard();
    output.publish(4);
    await loop;
    expect(driven).toEqual([1, 4]);
  });

  it("gives a busy loop the newest message next, and none that became too old while it waited (F5)", async () => {
    const maxAgeMs = 20;
    const { topic, input, stop } = wired({ keep: "latest", maxAgeMs });
    const fresh = () => monotonicMs() + 60_000;
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const seen: number[] = [];
    const loop = (async () => {
      for await (const count of input) {
        seen.push(count);
        if (count === 6) stop.abort();
        await gates[seen.length - 1]?.promise;
      }
    })();
    await turn();
    for (const count of [1, 2, 3, 4]) {
      topic.arrive(count, fresh(), 1);
      await turn();
    }
    gates[0]?.resolve();
    await expect.poll(() => seen).toEqual([1, 4]);
    const publishedMs = monotonicMs();
    topic.arrive(5, publishedMs, 1);
    while (monotonicMs() < publishedMs + 2 * maxAgeMs) await turn();
    gates[1]?.resolve();
    await turn();
    topic.arrive(6, fresh(), 1);
    await loop;
    expect(seen).toEqual([1, 4, 6]);
    expect(input.total).toMatchObject({ delivered: 3, droppedOverrun: 2, droppedAge: 1 });
  });

  it("gives the last value of a latched topic to a late port and a late subscriber (J4)", () => {
    const { topic, input, output, stop } = wired({ keep: "latest", latched: true });
    output.publish(7);
    const late = new In("late", Count, {
      qos: { keep: "latest", latched: true },
      signal: stop.signal,
      onError: () => {},
    });
    late.attach(topic);
    const seen: number[] = [];
    late.subscribe((count) => seen.push(count));
    input.subscribe((count) => seen.push(count));
    expect(seen).toEqual([7, 7]);
  });

  it("forgets commands of before: what waits, what is on its way, and the latest (I5)", async () => {
    const { topic, input } = wired({ keep: "queue", depth: 4 });
    const seen: number[] = [];
    const first = Promise.withResolvers<void>();
    input.subscribe(async (count) => {
      seen.push(count);
      await first.promise;
    });
    const beforeMs = monotonicMs();
    for (const count of [1, 2, 3]) topic.arrive(count, beforeMs, 1);
    input.discard();
    expect(input.latest()).toBeUndefined();
    topic.arrive(4, beforeMs, 1);
    topic.arrive(5, monotonicMs(), 1);
    first.resolve();
    await turn();
    expect(seen).toEqual([1, 5]);
    expect(input.total).toMatchObject({ delivered: 2, droppedAge: 3 });
  });

  it("forgets commands of before that are latched: no late subscriber gets them, nor does a port that comes back (I5)", () => {
    const { topic, input } = wired({ keep: "latest", latched: true });
    topic.publish(7);
    input.discard();
    input.attach(undefined);
    input.attach(topic);
    const seen: number[] = [];
    input.subscribe((count) => seen.push(count));
    expect([input.latest(), seen]).toEqual([undefined, []]);
    topic.publish(8);
    expect([input.latest(), seen]).toEqual([8, [8]]);
  });

  it("forgets the command of before that its loop would have taken next (I5)", async () => {
    const { topic, input, stop } = wired({ keep: "queue", depth: 4 });
    const seen: number[] = [];
    const first = Promise.withResolvers<void>();
    const loop = (async () => {
      for await (const count of input) {
        seen.push(count);
        if (count === 1) await first.promise;
        if (count === 4) stop.abort();
      }
    })();
    await turn();
    for (const count of [1, 2, 3]) topic.publish(count);
    await turn();
    input.discard();
    topic.publish(4);
    first.resolve();
    await loop;
    expect(seen).toEqual([1, 4]);
  });

  it("asks its publishers for what its subscriptions ask for together, and of their age and rate also the port", () => {
    const { input, topic } = wired({ keep: "queue", depth: 4, maxAgeMs: 100, maxRateHz: 10 });
    const asked: (string | undefined)[] = [];
    topic.onNeedChanged = () => asked.push(topic.need?.keep);
    const of = ({ keep, depth, maxAgeMs, maxRateHz }: Qos) => [keep, depth, maxAgeMs, maxRateHz];
    const need = () => of(input.need);
    expect(need()).toEqual(["queue", 4, 100, 10]);
    // A field that is left out, or that a computation has left undefined, is as the port says.
    const leave = input.subscribe(() => {}, { keep: "latest", maxAgeMs: undefined });
    expect(need()).toEqual(["latest", undefined, 100, 10]);
    const unhandle = input.handle(async () => {});
    expect(need()).toEqual(["latest", undefined, 100, 10]);
    const rare = input.subscribe(() => {}, { keep: "queue", maxRateHz: 1, maxAgeMs: 500 });
    expect(need()).toEqual(["queue", 4, 500, 10]);
    const all = input.subscribe(() => {}, { keep: "all", maxRateHz: Number.POSITIVE_INFINITY });
    expect(need()).toEqual(["all", undefined, 500, Number.POSITIVE_INFINITY]);
    all();
    rare();
    expect(need()).toEqual(["latest", undefined, 100, 10]);
    unhandle();
    leave();
    expect(need()).toEqual(["queue", 4, 100, 10]);
    expect(asked).toEqual(["latest", "latest", "queue", "all", "queue", "latest", "latest", "queue"]);
  });
});

describe("Out", () => {
  it("drops what is published before it is wired", async () => {
    const output = new Out("count", Count, { validate: false });
    await expect(output.publish(1)).resolves.toBeUndefined();
  });

  it("refuses a message that does not fit its schema when validation is on", async () => {
    const output = new Out<unknown>("count", Count, { validate: true });
    await expect(output.publish("seven")).rejects.toThrow(/^Invalid test\/Count published on "count": /);
  });
});

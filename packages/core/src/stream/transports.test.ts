import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openTransport, TRANSPORTS } from "../../test/transports.ts";
import type { Qos } from "../qos.ts";
import { BACKLOG_MESSAGES, overrunText } from "./backlog.ts";
import { WINDOW_MESSAGES } from "./window.ts";

const ALL: Qos = { keep: "all" };

// What a subscriber sees is the same, whichever way messages go.
describe.each(TRANSPORTS)("A stream %s", (name) => {
  it("arrives in order, as typed arrays of the same kind, aligned (F6)", async () => {
    await using transport = await openTransport(name, ALL);
    const seen: unknown[] = [];
    await transport.subscribe(({ n, data }) => {
      seen.push([n, data.constructor.name, data.byteOffset % data.BYTES_PER_ELEMENT, data.length, data[1]]);
    });
    for (const length of [3, 5_000, 40_000]) {
      void transport.output.publish({ n: length, data: new Float32Array(length).fill(1.5) });
      void transport.output.publish({ n: -length, data: new Float64Array(length).fill(2.5) });
    }
    await expect.poll(() => seen).toHaveLength(6);
    expect(seen).toEqual(
      [3, 5_000, 40_000].flatMap((length) => [
        [length, "Float32Array", 0, length, 1.5],
        [-length, "Float64Array", 0, length, 2.5],
      ]),
    );
  });

  it("keeps all of a fast publisher for a slow subscriber, and holds the publisher back (F4)", async () => {
    await using transport = await openTransport(name, ALL);
    const seen: number[] = [];
    let mayGo = Promise.withResolvers<void>();
    await transport.subscribe(async ({ n }) => {
      seen.push(n);
      await mayGo.promise;
    });
    // Of large ones, memory has an end before their number has.
    const total = transport.make(0).data.length > 1_000 ? 5_000 : 3 * WINDOW_MESSAGES;
    let published = 0;
    const publishing = (async () => {
      for (; published < total; published++) await transport.output.publish(transport.make(published));
    })();
    await expect.poll(() => seen).toHaveLength(1);
    // It has come as far as it can when it stands still for many turns.
    for (let before = -1; before !== published; ) {
      before = published;
      for (let turns = 0; turns < 100; turns++) await turn();
    }
    expect(published).toBeLessThan(total / 2);
    mayGo.resolve();
    mayGo = Promise.withResolvers();
    mayGo.resolve();
    await publishing;
    await expect.poll(() => seen.length).toBe(total);
    expect(seen).toEqual(Array.from({ length: total }, (_, n) => n));
  });

  it("keeps the latest for a busy subscriber, never an older one after a newer (F4)", async () => {
    await using transport = await openTransport(name, { keep: "latest" });
    const seen: number[] = [];
    await transport.subscribe(async ({ n }) => {
      seen.push(n);
      await turn();
    });
    for (let n = 1; n <= 500; n++) {
      void transport.output.publish(transport.make(n));
      if (n % 50 === 0) await turn();
    }
    await expect.poll(() => seen.at(-1)).toBe(500);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeLessThan(500);
  });

  it("drops the oldest when a queue is full", async () => {
    await using transport = await openTransport(name, { keep: "queue", depth: 4 });
    const seen: number[] = [];
    const first = Promise.withResolvers<void>();
    await transport.subscribe(async ({ n }) => {
      seen.push(n);
      await first.promise;
    });
    for (let n = 1; n <= 100; n++) void transport.output.publish(transport.make(n));
    await expect.poll(() => seen).toEqual([1]);
    // The last has arrived when a stream behind it has brought something.
    await turn();
    await using _ = await settled(transport);
    first.resolve();
    await expect.poll(() => seen.at(-1)).toBe(100);
    expect(seen.length).toBeLessThan(20);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it("drops what is too old, and what comes too often", async () => {
    await using transport = await openTransport(name, ALL);
    const fresh: number[] = [];
    const rare: number[] = [];
    const first = Promise.withResolvers<void>();
    await transport.subscribe(
      async ({ n }) => {
        fresh.push(n);
        if (n === 1) await first.promise;
      },
      { maxAgeMs: 1_000 },
    );
    await transport.subscribe(({ n }) => void rare.push(n), { maxRateHz: 2 });
    for (let n = 1; n <= 5; n++) void transport.output.publish(transport.make(n));
    await expect.poll(() => fresh).toEqual([1]);
    const startMs = performance.now();
    while (performance.now() - startMs < 1_100) await turn();
    first.resolve();
    void transport.output.publish(transport.make(6));
    await expect.poll(() => fresh).toEqual([1, 6]);
    expect(rare[0]).toBe(1);
    expect(rare.length).toBeLessThan(3);
  });

  it("bounds what waits of a publisher that does not await, says so once, and loses nothing in between (F4)", async () => {
    await using transport = await openTransport(name, ALL);
    const seen: number[] = [];
    const mayGo = Promise.withResolvers<void>();
    await transport.subscribe(async ({ n }) => {
      seen.push(n);
      if (n === 0) await mayGo.promise;
    });
    const data = new Uint8Array(4);
    const total = 2 * BACKLOG_MESSAGES;
    let last = Promise.resolve();
    for (let n = 0; n < total; n++) last = transport.output.publish({ n, data });
    await expect.poll(() => seen).toEqual([0]);
    expect(transport.logged.filter((line) => line === overrunText("/numbered"))).toHaveLength(1);
    mayGo.resolve();
    await last;
    void transport.output.publish({ n: -1, data });
    await expect.poll(() => seen.at(-1)).toBe(-1);
    const kept = seen.slice(0, -1);
    expect(kept).toEqual(Array.from(kept, (_, n) => n));
    expect(kept.length).toBeGreaterThanOrEqual(BACKLOG_MESSAGES);
    expect(kept.length).toBeLessThan(BACKLOG_MESSAGES + WINDOW_MESSAGES + 2_000);
  });

  it("gives the last value of a latched stream to a late subscriber (J4)", async () => {
    await using transport = await openTransport(name, { keep: "latest", latched: true });
    for (let n = 1; n <= 3; n++) void transport.output.publish(transport.make(n));
    const seen: number[] = [];
    await transport.subscribe(({ n }) => void seen.push(n));
    await expect.poll(() => seen.at(-1)).toBe(3);
    const late: number[] = [];
    await transport.subscribe(({ n }) => void late.push(n));
    await expect.poll(() => late).toEqual([3]);
  });

  it("delivers nothing after unsubscribe, which is legal in the callback, and disturbs nobody by a throw (F3)", async () => {
    await using transport = await openTransport(name, ALL);
    const seen: string[] = [];
    const leave: (() => void)[] = [];
    leave.push(
      await transport.subscribe(({ n }) => {
        seen.push(`a${n}`);
        for (const unsubscribe of leave) unsubscribe();
      }),
    );
    await transport.subscribe(({ n }) => {
      if (n === 1) throw new Error("thrown");
      seen.push(`b${n}`);
    });
    for (let n = 1; n <= 3; n++) void transport.output.publish(transport.make(n));
    await expect.poll(() => seen).toEqual(["a1", "b2", "b3"]);
    expect(transport.errors).toMatchObject([{ message: "thrown" }]);
  });

  it("is iterated one by one, and ends when the module stops", async () => {
    await using transport = await openTransport(name, ALL);
    const { input } = transport;
    if (input === undefined) return;
    const seen: number[] = [];
    const iterating = (async () => {
      for await (const { n } of input) {
        seen.push(n);
        await turn();
        if (n === 200) break;
      }
    })();
    for (let n = 1; n <= 200; n++) await transport.output.publish(transport.make(n));
    await iterating;
    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  it("gives messages that stay what they are, however much comes after them (J4)", async () => {
    await using transport = await openTransport(name, ALL);
    const kept: { readonly n: number; readonly data: ArrayLike<number> }[] = [];
    await transport.subscribe((message) => void kept.push(message));
    for (let n = 1; n <= 100; n++) await transport.output.publish(transport.make(n));
    await expect.poll(() => kept).toHaveLength(100);
    for (const { n, data } of kept) expect([data[0], data[data.length - 1]]).toEqual([n, n]);
  });
});

/** Waits until what was published before has arrived: a subscriber of its own sees the next message. */
async function settled({ output, make, subscribe }: Awaited<ReturnType<typeof openTransport>>) {
  const arrived = Promise.withResolvers<void>();
  const leave = await subscribe(({ n }) => n === 100 && arrived.resolve(), { keep: "all" });
  void output.publish(make(100));
  await arrived.promise;
  return { [Symbol.asyncDispose]: async () => leave() };
}

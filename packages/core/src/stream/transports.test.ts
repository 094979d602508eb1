import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Numbered, openTransport, TRANSPORTS, type Transport } from "../../test/transports.ts";
import type { Qos } from "../qos.ts";
import { BACKLOG_MESSAGES, overrunText } from "./backlog.ts";
import { WINDOW_BYTES, WINDOW_MESSAGES } from "./window.ts";

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

  it("drops what is too old, and what comes too often, unless a subscription asks for it", async () => {
    await using transport = await openTransport(name, { keep: "all", maxAgeMs: 1_000, maxRateHz: 2 });
    const fresh: number[] = [];
    const rare: number[] = [];
    const every: number[] = [];
    const first = Promise.withResolvers<void>();
    await transport.subscribe(
      async ({ n }) => {
        fresh.push(n);
        if (n === 1) await first.promise;
      },
      { maxRateHz: Number.POSITIVE_INFINITY },
    );
    await transport.subscribe(({ n }) => void rare.push(n), { keep: "queue", maxAgeMs: Number.POSITIVE_INFINITY });
    await transport.subscribe(
      async ({ n }) => {
        every.push(n);
        await first.promise;
      },
      { maxAgeMs: Number.POSITIVE_INFINITY, maxRateHz: Number.POSITIVE_INFINITY },
    );
    for (let n = 1; n <= 5; n++) void transport.output.publish(transport.make(n));
    await expect.poll(() => fresh).toEqual([1]);
    const startMs = performance.now();
    while (performance.now() - startMs < 1_100) await turn();
    first.resolve();
    void transport.output.publish(transport.make(6));
    await expect.poll(() => fresh).toEqual([1, 6]);
    await expect.poll(() => every).toEqual([1, 2, 3, 4, 5, 6]);
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

  it.each<Qos>([{ keep: "latest" }, { keep: "queue", depth: 2 }])(
    "of a port with %o keeps all for a subscription that asks for it, and a queue as long as it asks for",
    async (qos) => {
      await using transport = await openTransport(name, qos);
      const total = 500;
      const all: number[] = [];
      const queued: number[] = [];
      const rare: number[] = [];
      const mayGo = Promise.withResolvers<void>();
      await transport.subscribe(async ({ n }) => {
        all.push(n);
        await turn();
      }, ALL);
      const keep =
        (list: number[]) =>
        async ({ n }: { readonly n: number }) => {
          list.push(n);
          if (n === 0) await mayGo.promise;
        };
      await transport.subscribe(keep(queued), { keep: "queue", depth: total });
      await transport.subscribe(keep(rare), { keep: "latest" });
      for (let n = 0; n < total; n++) await transport.output.publish(heavy(transport, n));
      const numbers = Array.from({ length: total }, (_, n) => n);
      await expect.poll(() => all.length).toBe(total);
      mayGo.resolve();
      await expect.poll(() => queued.length).toBe(total);
      expect([all, queued, rare]).toEqual([numbers, numbers, [0, total - 1]]);
    },
  );

  it("keeps the latest for one subscription while another one, which keeps all, is far behind", async () => {
    await using transport = await openTransport(name);
    const all: number[] = [];
    const fast: number[] = [];
    const mayGo = Promise.withResolvers<void>();
    await transport.subscribe(async ({ n }) => {
      all.push(n);
      await mayGo.promise;
    }, ALL);
    await transport.subscribe(({ n }) => void fast.push(n), { keep: "latest" });
    // More bytes than may be on their way: the publisher, which does not wait, is as far ahead as it can be.
    const total = Math.ceil((1.5 * WINDOW_BYTES) / heavy(transport, 0).data.byteLength);
    for (let n = 1; n <= total; n++) {
      void transport.output.publish(heavy(transport, n));
      if (n % 50 === 0) await turn();
    }
    await expect.poll(() => fast.at(-1)).toBe(total);
    expect(all).toEqual([1]);
    mayGo.resolve();
    await expect.poll(() => all.length).toBe(total);
    expect(all).toEqual(Array.from({ length: total }, (_, n) => n + 1));
  });

  it("loses and doubles nothing for one subscription while others come and go that ask for something else", async () => {
    await using transport = await openTransport(name, { keep: "latest" });
    const seen: number[] = [];
    await transport.subscribe(({ n }) => void seen.push(n), ALL);
    const others: Qos[] = [ALL, { keep: "latest" }, { keep: "queue", maxRateHz: 1 }, { keep: "all", maxAgeMs: 1 }];
    const total = 300;
    const joined: number[] = [];
    for (let n = 1; n <= total; n++) {
      void transport.output.publish(transport.make(n));
      if (n % 5 !== 0) continue;
      // Leaves in its callback.
      const leaving = transport.subscribe(
        async (message) => {
          joined.push(message.n);
          (await leaving)();
        },
        others[(n / 5) % others.length] as Qos,
      );
      if (n % 3 === 0) await leaving;
      await turn();
    }
    await expect.poll(() => seen.length).toBe(total);
    expect(seen).toEqual(Array.from({ length: total }, (_, n) => n + 1));
    expect(joined.length).toBeGreaterThan(10);
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

  it("begins with the value that is the latest now, whatever subscriptions before it have seen", async () => {
    await using transport = await openTransport(name, { keep: "latest", latched: true });
    for (let n = 1; n <= 4; n++) {
      void transport.output.publish(transport.make(n));
      await expect.poll(() => transport.input?.latest()?.n ?? n).toBe(n);
      const seen: number[] = [];
      const leave = await transport.subscribe(({ n }) => void seen.push(n));
      await expect.poll(() => seen).toEqual([n]);
      leave();
      // One with a low rate limits no later one.
      await transport.subscribe(() => {}, { maxRateHz: 0.01 });
    }
    const seen: number[] = [];
    await transport.subscribe(({ n }) => void seen.push(n), { latched: false });
    void transport.output.publish(transport.make(5));
    await expect.poll(() => seen).toEqual([5]);
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

/** A message that fills a socket soon. */
function heavy({ make }: Pick<Transport, "make">, n: number): Numbered {
  const message = make(n);
  return message.data.byteLength > 10_000 ? message : { n, data: new Uint8Array(10_000) };
}

/** Waits until what was published before has arrived: a subscriber of its own sees the next message. */
async function settled({ output, make, subscribe }: Awaited<ReturnType<typeof openTransport>>) {
  const arrived = Promise.withResolvers<void>();
  const leave = await subscribe(({ n }) => n === 100 && arrived.resolve(), { keep: "all" });
  void output.publish(make(100));
  await arrived.promise;
  return { [Symbol.asyncDispose]: async () => leave() };
}

import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Numbered, openTransport } from "../../../test/transports.ts";
import type { DeepReadonly } from "../../index.ts";

const SHARED = "from another worker in shared memory";

describe("A loan", () => {
  it("is a view that no other message is written over until the callback has settled (J4)", async () => {
    await using transport = await openTransport(SHARED, { keep: "all" });
    const { output, make, subscribe } = transport;
    const mayGo = Promise.withResolvers<void>();
    const seen: number[] = [];
    let first: DeepReadonly<Numbered> | undefined;
    await subscribe(
      async (message) => {
        first ??= message;
        seen.push(message.n);
        if (message.n === 1) await mayGo.promise;
      },
      { loan: true },
    );
    // Another subscriber takes its copies meanwhile, and slots are written again and again.
    const copied: number[] = [];
    await subscribe(({ n }) => void copied.push(n));
    const publishing = (async () => {
      for (let n = 1; n <= 300; n++) await output.publish(make(n & 0x7f));
    })();
    await expect.poll(() => copied.length).toBeGreaterThan(5);
    expect([seen, first?.data[0], first?.data.at(-1)]).toEqual([[1], 1, 1]);
    mayGo.resolve();
    await publishing;
    await expect.poll(() => seen).toHaveLength(300);
    expect(seen).toEqual(Array.from({ length: 300 }, (_, index) => (index + 1) & 0x7f));
    expect(transport.errors).toEqual([]);
  });

  it("is taken back with an error from whoever keeps it too long, who sees no other message in it", async () => {
    await using transport = await openTransport(SHARED, { keep: "all" });
    const { output, make, subscribe, errors } = transport;
    let kept: DeepReadonly<Numbered> | undefined;
    const never = Promise.withResolvers<void>();
    await subscribe(
      async (message) => {
        kept = message;
        await never.promise;
      },
      { loan: true },
    );
    await output.publish(make(7));
    await expect.poll(() => kept?.n).toBe(7);
    expect(kept?.data[0]).toBe(7);
    await expect.poll(() => errors).toMatchObject([{ code: "LOAN_EXPIRED" }]);
    expect([kept?.data.length, kept?.data[0]]).toEqual([0, undefined]);
  });

  it("is given back when its subscriber throws, is replaced while it waits, and leaves", async () => {
    await using transport = await openTransport(SHARED, { keep: "latest" });
    const { output, make, subscribe } = transport;
    const seen: number[] = [];
    for (let round = 0; round < 40; round++) {
      const leave = await subscribe(
        async ({ n }) => {
          seen.push(n);
          await turn();
          if (n % 2 === 0) throw new Error("thrown");
        },
        { loan: true },
      );
      for (let n = 0; n < 5; n++) await output.publish(make(round));
      await expect.poll(() => seen.at(-1)).toBe(round);
      leave();
    }
    // Were one of them not given back, the next would come over the socket, or not at all.
    const last = Promise.withResolvers<number>();
    await subscribe(({ data }) => last.resolve(data.buffer.byteLength - data.byteLength), { loan: true });
    await output.publish(make(1));
    expect(await last.promise).toBeGreaterThan(1024);
  });
});

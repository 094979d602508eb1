import { closeSync, ftruncateSync, openSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { socketDirectory } from "../../../test/socket-directory.ts";
import { Vandal, type Vandalized } from "../../../test/vandal.ts";
import type { Qos } from "../../qos.ts";
import { Edge } from "../edge.ts";
import { StreamHub } from "../hub.ts";
import { ENTRIES, ENTRY_WORDS, MAILBOX_BYTES, MAILBOXES, WORD } from "./mailbox-layout.ts";
import { loadPosix } from "./posix.ts";
import { strideOf } from "./slot.ts";

interface Numbered {
  readonly n: number;
  readonly data: Uint8Array;
}

let vandal: Vandal;
beforeAll(async () => {
  vandal = new Vandal(await loadPosix());
});
afterAll(() => vandal[Symbol.dispose]());

let pairs = 0;

/** A publisher and a subscriber that share memory, with real sockets in one process. */
async function openPair(qos: Qos, { loan = false, bytes = BYTES } = {}) {
  const resources = new AsyncDisposableStack();
  const lines: string[] = [];
  const errors: unknown[] = [];
  const write = (line: string, fields?: Readonly<Record<string, unknown>>) => {
    lines.push(line);
    errors.push(fields?.err);
  };
  const log = { debug: write, info: write, warn: write, error: write, child: () => log };
  const name = `/pair-${pairs++}/`;
  const directory = resources.use(await socketDirectory());
  const publisher = resources.use(new StreamHub(log));
  const subscriber = resources.use(new StreamHub(log));
  const path = await publisher.listen(join(directory.path, "data"));
  const topic = publisher.topic(name, "Numbered", false);
  const arriving = subscriber.topic(name, "Numbered", false);
  const seen: number[] = [];
  let last: Numbered | undefined;
  let pause = Promise.resolve();
  const take = async (message: unknown) => {
    last = message as Numbered;
    seen.push(last.n);
    await pause;
  };
  arriving.addPort(new Edge(take, { ...qos, loan }, (error) => errors.push(error)));
  await subscriber.receive(arriving, [path], qos);
  let n = 0;
  const publish = () => topic.publish({ n: ++n, data: new Uint8Array(bytes).fill(n) });
  const delivered = () => expect.poll(() => seen.at(-1), { interval: 1 }).toBe(n);
  const segment = () => vandal.segments(process.pid).find((memory) => memory.name.includes(name)) as Vandalized;
  const pair = {
    topic,
    arriving,
    subscriber,
    lines,
    errors,
    seen,
    publish,
    delivered,
    segment,
    resources,
    last: () => last,
    isShared: () => segment() !== undefined && (segment().words[WORD.posted] as number) > 0,
    /** Subscribers wait for this. */
    pauseUntil: (until: Promise<void>) => {
      pause = until;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
  // The first large messages go over the socket.
  for (let count = 0; count === 0 || !pair.isShared(); count++) {
    void publish();
    await delivered();
  }
  return pair;
}

const BYTES = 100_000;
/** A ring has room for messages a quarter larger than the first. */
const STRIDE_BYTES = strideOf(BYTES * 1.25);
const WORDS: [string, number][] = [
  ...(["posted", "needsRoom", "taken", "asleep", "released", "tookMessages", "tookBytes"] as const).map(
    (word): [string, number] => [word, WORD[word]],
  ),
];
const VALUES = [0, 200, 2 ** 31];

describe("Shared memory that something else is written into", () => {
  it.each<[string, Qos]>([
    ["a stream that keeps all", { keep: "all" }],
    ["a stream of the latest", { keep: "latest" }],
  ])(
    "neither blocks nor ends %s, whichever count it is (K8)",
    async (_, qos) => {
      const cases = WORDS.flatMap(([name, word]) => VALUES.map((value) => [name, word, value] as const));
      await Promise.all(
        cases.map(async ([name, word, value]) => {
          await using pair = await openPair(qos, { bytes: 33_000 });
          const { publish, delivered } = pair;
          const { words } = pair.segment();
          // Once while nothing is on its way, and once in the middle of a burst, which waits for room.
          words[word] = value;
          const startMs = performance.now();
          for (let count = 0; count < 10; count++) void publish();
          words[word] = value;
          for (let count = 0; count < 30; count++) void publish();
          expect(performance.now() - startMs, `${name} = ${value}`).toBeLessThan(10_000);
          await delivered();
          for (let count = 0; count < 3; count++) {
            void publish();
            await delivered();
          }
        }),
      );
    },
    120_000,
  );

  it.each(["taken", "released", "tookMessages"] as const)(
    "is noticed by the publisher when a subscriber claims 2^31 in `%s`, before it sends more than fits",
    async (word) => {
      await using pair = await openPair({ keep: "all" });
      pair.segment().words[WORD[word]] = 2 ** 31;
      void pair.publish();
      expect(pair.topic.sent.memoryFaults).toBe(1);
      await pair.delivered();
    },
  );

  it("does not end a stream that waits for a bell which was never rung", async () => {
    await using pair = await openPair({ keep: "all" });
    const { publish, delivered, segment, lines } = pair;
    // The subscriber sleeps, and its publisher does not know.
    await expect.poll(() => segment().words[WORD.asleep]).toBe(1);
    segment().words[WORD.asleep] = 0;
    void publish();
    await delivered();
    // The publisher waits for room, and its subscriber does not know.
    const mayGo = Promise.withResolvers<void>();
    pair.pauseUntil(mayGo.promise);
    const publishing: unknown[] = [];
    for (let count = 0; count < 200; count++) publishing.push(publish());
    await expect.poll(() => segment().words[WORD.needsRoom]).toBe(1);
    segment().words[WORD.needsRoom] = 0;
    mayGo.resolve();
    await Promise.all(publishing);
    await delivered();
    expect(lines).toEqual([]);
  });

  it("makes a mailbox that cannot be right anew three times, then takes the socket, loses nothing on its account, and says so", async () => {
    await using pair = await openPair({ keep: "all" });
    const { publish, delivered, segment, seen, lines, topic, errors } = pair;
    const renewed: boolean[] = [];
    for (let round = 0; round < 5; round++) {
      const before = segment();
      if (before !== undefined) before.words[WORD.taken] = 2 ** 31;
      for (let count = 0; count < 10; count++) {
        void publish();
        await delivered();
      }
      renewed.push(segment() !== undefined && segment() !== before && pair.isShared());
    }
    expect(renewed).toEqual([true, true, true, false, false]);
    expect(seen).toEqual(Array.from(seen, (_, index) => index + 1));
    const said = `Shared memory of ${topic.name} with process ${process.pid} cannot be right`;
    expect(lines).toEqual([
      ...Array(3).fill(`${said}; it gets other memory`),
      `${said}; its large messages go over the socket from now on`,
    ]);
    expect(errors).toEqual(Array(4).fill(expect.objectContaining({ code: "MEMORY_FAULT" })));
    expect([topic.sent.memoryFaults, topic.withoutMemory]).toEqual([4, 1]);
  });

  it("delivers no message from an entry or a slot that was written over, and goes on with the next ones", async () => {
    const places: [string, (words: Uint32Array, posted: number) => number][] = [
      ...Array.from({ length: ENTRY_WORDS }, (_, word): (typeof places)[number] => [
        `word ${word} of the entry`,
        (_, posted) => WORD.entries + ((posted - 1) % ENTRIES) * ENTRY_WORDS + word,
      ]),
      ["the count of writings of its slot", (words, posted) => slotWord(words, posted)],
      ["the length in its slot", (words, posted) => slotWord(words, posted) + 1],
    ];
    await Promise.all(
      places.map(async ([name, place]) => {
        await using pair = await openPair({ keep: "all" });
        const { publish, delivered, segment, lines, seen } = pair;
        const { words } = segment();
        // The subscriber is awake only after this turn.
        void publish();
        const posted = words[WORD.posted] as number;
        const at = place(words, posted);
        words[at] = (words[at] as number) ^ 0x40;
        const lost = (seen.at(-1) as number) + 1;
        for (let count = 0; count < 20; count++) {
          await turn();
          void publish();
        }
        await delivered();
        expect(seen.includes(lost), name).toBe(false);
        expect(new Set(seen).size).toBe(seen.length);
        expect(lines[0], name).toMatch(
          /^Shared memory with .*data for \/pair-\d+\/ cannot be right; what stands there is dropped/,
        );
      }),
    );
  });

  it("ends no process when somebody truncates it, which the system refuses", async () => {
    await using pair = await openPair({ keep: "all" });
    const fd = openSync(`/proc/${process.pid}/fd/${pair.segment().fd}`, "r+");
    for (const bytes of [0, 4096, 1024 ** 3]) expect(() => ftruncateSync(fd, bytes)).toThrow(/EPERM/);
    closeSync(fd);
    void pair.publish();
    await pair.delivered();
  });

  it("leaves what a subscriber has borrowed as it is while its mailbox is made anew, and lets it write there (J4)", async () => {
    await using pair = await openPair({ keep: "all" }, { loan: true });
    const { publish, segment, delivered } = pair;
    const mayGo = Promise.withResolvers<void>();
    pair.pauseUntil(mayGo.promise);
    void publish();
    await delivered();
    const borrowed = pair.last() as Numbered;
    segment().words[WORD.taken] = 2 ** 31;
    for (let count = 0; count < 100; count++) void publish();
    await turn();
    const isWhole = borrowed.data.every((byte) => byte === (borrowed.n & 0xff));
    expect([isWhole, borrowed.data.length]).toEqual([true, BYTES]);
    // A page that cannot be written would end the process here.
    borrowed.data[0] = 77;
    mayGo.resolve();
    await delivered();
  });

  it("takes what was borrowed away from a subscriber that leaves: its slot may be written from now on", async () => {
    await using pair = await openPair({ keep: "all" }, { loan: true });
    const never = Promise.withResolvers<void>();
    pair.pauseUntil(never.promise);
    void pair.publish();
    await pair.delivered();
    const borrowed = pair.last() as Numbered;
    expect(borrowed.data.length).toBe(BYTES);
    await pair.subscriber[Symbol.asyncDispose]();
    expect([borrowed.data.length, pair.errors]).toEqual([0, [expect.objectContaining({ code: "LOAN_EXPIRED" })]]);
    never.resolve();
  });
});

/** First word of the slot that the last entry tells of. */
function slotWord(words: Uint32Array, posted: number): number {
  const slot = words[WORD.entries + ((posted - 1) % ENTRIES) * ENTRY_WORDS + 1] as number;
  return (MAILBOXES * MAILBOX_BYTES) / 4 + slot * (STRIDE_BYTES / 4);
}

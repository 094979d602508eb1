import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { socketDirectory } from "../../../test/socket-directory.ts";
import { Edge } from "../edge.ts";
import { StreamHub } from "../hub.ts";
import { MAILBOXES } from "./mailbox-layout.ts";
import { loadPosix } from "./posix.ts";
import { SharedMemory } from "./shared-memory.ts";

const KIB = 1024;

interface Sized {
  readonly n: number;
  readonly data: Uint8Array;
}

const lines: string[] = [];
const write = (line: string) => void lines.push(line);
const log = { debug: write, info: write, warn: write, error: write, child: () => log };

async function publisher(resources: AsyncDisposableStack) {
  const directory = resources.use(await socketDirectory());
  const hub = resources.use(new StreamHub(log, new SharedMemory(log, loadPosix)));
  return { topic: hub.topic("/sized", "Sized", false), path: await hub.listen(join(directory.path, "data")) };
}

function make(n: number, bytes: number): Sized {
  return { n, data: new Uint8Array(bytes).fill(n) };
}

/** Small ones, some of which go over the socket, and ever larger ones, which need other segments. */
function sizeOf(n: number): number {
  const growing = 40 * KIB * (1 + Math.floor(n / 150));
  return [100, growing, 20 * KIB, growing, growing, 60 * KIB][n % 6] as number;
}

it.each([
  ["copied", false],
  ["on loan, and held for some turns", true],
])(
  "Messages of all sizes arrive complete and in order while segments are replaced, %s",
  async (_, loan) => {
    await using resources = new AsyncDisposableStack();
    const { topic, path } = await publisher(resources);
    const subscriber = resources.use(new StreamHub(log));
    const arriving = subscriber.topic("/sized", "Sized", false);
    const seen: number[] = [];
    const errors: unknown[] = [];
    const take = async ({ n, data }: Sized) => {
      for (let turns = loan ? n % 4 : 0; turns > 0; turns--) await turn();
      const isWhole = data.length === sizeOf(n) && data[0] === (n & 0xff) && data.at(-1) === (n & 0xff);
      seen.push(isWhole ? n : Number.NaN);
    };
    const edge = new Edge(
      (message) => take(message as Sized),
      { keep: "all", loan },
      (error) => errors.push(error),
    );
    arriving.addPort(edge);
    await subscriber.receive(arriving, [path], { keep: "all" });
    const total = 1_200;
    const waits: (void | Promise<void>)[] = [];
    for (let n = 0; n < total; n++) {
      waits.push(topic.publish(make(n, sizeOf(n))));
      if (n % 7 === 0) await Promise.all(waits.splice(0));
    }
    await expect.poll(() => seen.length).toBe(total);
    expect(seen).toEqual(Array.from({ length: total }, (_, n) => n));
    expect([errors, lines]).toEqual([[], []]);
  },
  30_000,
);

it("More subscriptions than a segment has mailboxes all get their messages through memory", async () => {
  await using resources = new AsyncDisposableStack();
  const { topic, path } = await publisher(resources);
  for (let round = 0; round < MAILBOXES + 8; round++) {
    await using hub = new StreamHub(log);
    const arriving = hub.topic("/sized", "Sized", false);
    let isThroughMemory = false;
    // A view is in a slot, which has a header and room to grow.
    const look = ({ data }: Sized) => {
      isThroughMemory = data.buffer.byteLength > data.byteLength + KIB;
    };
    const edge = new Edge((message) => look(message as Sized), { keep: "latest", loan: true }, write as () => void);
    arriving.addPort(edge);
    await hub.receive(arriving, [path], { keep: "latest" });
    await expect
      .poll(
        async () => {
          await topic.publish(make(round, 100 * KIB));
          await turn();
          return isThroughMemory;
        },
        { interval: 1 },
      )
      .toBe(true);
  }
  expect(lines).toEqual([]);
}, 30_000);

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { socketDirectory } from "../../../test/socket-directory.ts";
import { Edge } from "../edge.ts";
import { StreamHub } from "../hub.ts";
import { loadPosix, type Posix } from "./posix.ts";
import { SharedMemory } from "./shared-memory.ts";

const ALL = { keep: "all" } as const;
const fail = (error: unknown) => {
  throw error;
};

/** Two processes in one, the publisher's and the subscriber's, with the calls for memory that each has. */
async function twoHubs(publishes: () => Promise<Posix>, subscribes: () => Promise<Posix>) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = { debug: write, info: write, warn: write, error: write, child: () => log };
  const resources = new AsyncDisposableStack();
  const directory = resources.use(await socketDirectory());
  const publisher = resources.use(new StreamHub(log, new SharedMemory(log, publishes)));
  const subscriber = resources.use(new StreamHub(log, new SharedMemory(log, subscribes)));
  const path = await publisher.listen(join(directory.path, "data"));
  const topic = publisher.topic("/large", "Large", false);
  const arriving = subscriber.topic("/large", "Large", false);
  return { lines, log, path, topic, arriving, subscribe: () => subscriber.receive(arriving, [path], ALL), resources };
}

describe("Large messages", () => {
  it.each([
    ["the publisher's system gives no memory", { createMemory: refuse }, {}],
    ["the subscriber cannot open it", {}, { openMemory: refuse }],
  ])("go over the socket, with one line in the log, where %s", async (_, publisherLacks, subscriberLacks) => {
    const { lines, topic, arriving, subscribe, resources } = await twoHubs(
      async () => ({ ...(await loadPosix()), ...publisherLacks }),
      async () => ({ ...(await loadPosix()), ...subscriberLacks }),
    );
    await using _resources = resources;
    const seen: number[] = [];
    arriving.addPort(new Edge((message) => seen.push((message as { n: number }).n), ALL, fail));
    await subscribe();
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    for (const n of numbers) {
      await topic.publish({ n, data: new Float32Array(30_000) });
      await new Promise(setImmediate);
    }
    await expect.poll(() => seen).toEqual(numbers);
    expect(lines).toEqual([expect.stringMatching(/^Large messages go over the socket: /)]);
  });

  it("go over the socket, complete, where koffi cannot be loaded", async () => {
    const { lines, topic, arriving, subscribe, resources } = await twoHubs(
      async () => refuse(),
      async () => refuse(),
    );
    await using _resources = resources;
    const seen: number[] = [];
    arriving.addPort(new Edge((message) => seen.push((message as { n: number }).n), ALL, fail));
    await subscribe();
    for (let n = 0; n < 20; n++) await topic.publish({ n, data: new Float32Array(30_000) });
    await expect.poll(() => seen).toHaveLength(20);
    expect(lines).toEqual(["Large messages go over the socket: memory cannot be shared here"]);
  });

  it("have to be told of where they must not, with the reason and the remedy", async () => {
    const { log, resources } = await twoHubs(loadPosix, loadPosix);
    await using _resources = resources;
    const hub = resources.use(new StreamHub(log, new SharedMemory(log, async () => refuse())));
    await expect(hub.requireSharedMemory("/image")).rejects.toThrow(
      '/image is to travel through shared memory, which this process cannot use: refused. Install the optional package koffi (Linux only), or let the stream travel by transport "auto" or "socket"',
    );
  });

  it("go over the socket while slow subscribers hold all slots, and through memory again after that", async () => {
    const { lines, topic, path, log, resources } = await twoHubs(loadPosix, loadPosix);
    await using _resources = resources;
    const hub = resources.use(new StreamHub(log));
    const arriving = hub.topic("/large", "Large", false);
    const seen: boolean[] = [];
    const look = ({ data }: { data: Float32Array }) => void seen.push(data.buffer.byteLength > data.byteLength + 1024);
    arriving.addPort(new Edge(look as (message: unknown) => void, { ...ALL, loan: true }, fail));
    await hub.receive(arriving, [path], ALL);
    let sent = 0;
    const publish = async () => {
      void topic.publish({ data: new Float32Array(30_000) });
      sent++;
      await expect.poll(() => seen, { interval: 1 }).toHaveLength(sent);
    };
    while (seen.at(-1) !== true) await publish();
    // Each may hold a quarter of the ring, and stops at other messages than those before.
    const mayGo = Promise.withResolvers<void>();
    let busy = 0;
    for (; seen.at(-1) === true; busy++) {
      const slow = resources.use(new StreamHub(log));
      const topicThere = slow.topic("/large", "Large", false);
      topicThere.addPort(
        new Edge(
          () => mayGo.promise,
          { ...ALL, loan: true },
          () => {},
        ),
      );
      await slow.receive(topicThere, [path], ALL);
      for (let message = 0; message < 30 && seen.at(-1) === true; message++) await publish();
    }
    expect(busy).toBeGreaterThan(2);
    expect(lines).toEqual([expect.stringMatching(/^Subscribers of \/large hold all of its shared memory/)]);
    mayGo.resolve();
    while (seen.at(-1) === false) await publish();
  });
});

function refuse(): never {
  throw new Error("refused");
}

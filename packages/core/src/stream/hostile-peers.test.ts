import { once } from "node:events";
import { openSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { encode } from "@dimos/rpc";
import { describe, expect, it } from "vitest";
import { socketDirectory } from "../../test/socket-directory.ts";
import { MAX_SUBSCRIPTIONS } from "./data-connection.ts";
import { Edge } from "./edge.ts";
import { encodeFrame, FRAME } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { StreamHub } from "./hub.ts";
import { FreshBuffers } from "./shared/fresh-buffers.ts";
import { WORD } from "./shared/mailbox-layout.ts";
import { loadPosix } from "./shared/posix.ts";
import { SlotRing } from "./shared/slot-ring.ts";
import { StreamReader } from "./stream-reader.ts";

const QOS = { keep: "queue" } as const;
const MIB = 1024 * 1024;

function recordingLog() {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = { debug: write, info: write, warn: write, error: write, child: () => log };
  return { lines, log };
}

/** The frames that a peer sends, by kind and subscription. */
function readFrames(socket: Socket) {
  const frames: { readonly kind: number; readonly id: number; readonly body: Buffer }[] = [];
  const reader = new FrameReader((kind, id, bytes, start, end) => {
    frames.push({ kind, id, body: Buffer.from(bytes.subarray(start, end)) });
  }, new FreshBuffers());
  socket.on("data", (chunk: Buffer) => reader.read(chunk));
  return frames;
}

/** Something that connects to a publisher and says what it likes. */
async function openSubscriber() {
  const resources = new AsyncDisposableStack();
  const { lines, log } = recordingLog();
  const directory = resources.use(await socketDirectory());
  const publisher = resources.use(new StreamHub(log));
  const path = await publisher.listen(join(directory.path, "data"));
  const dial = async () => {
    const socket = connect(path);
    resources.defer(() => void socket.destroy());
    await once(socket, "connect");
    return { socket, frames: readFrames(socket) };
  };
  return { publisher, path, lines, log, dial, resources, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

function subscribe(id: number, topic: string, qos: unknown = QOS): Buffer {
  return encodeFrame(FRAME.subscribe, id, encode({ topic, messageName: "Any", qos, pid: process.pid }));
}

describe("A subscriber that asks for what nobody has", () => {
  it("has a bounded number of subscriptions on one connection, and none of them leaves anything behind", async () => {
    await using peer = await openSubscriber();
    const { publisher, dial } = peer;
    const { socket, frames } = await dial();
    const total = 3 * MAX_SUBSCRIPTIONS;
    for (let id = 1; id <= total; id++) socket.write(subscribe(id, `/unknown-${id}`));
    await expect.poll(() => frames.length, { timeout: 50_000 }).toBe(total);
    const refused = frames.filter(({ kind }) => kind === FRAME.refused);
    expect(refused).toHaveLength(total - MAX_SUBSCRIPTIONS);
    expect(refused[0]).toMatchObject({ id: MAX_SUBSCRIPTIONS + 1 });
    expect(refused[0]?.body.readUInt32LE(0)).toBe(MAX_SUBSCRIPTIONS);
    expect(publisher.existing("/unknown-1")).toBeDefined();
    // One that ends makes room for another.
    socket.write(encodeFrame(FRAME.unsubscribe, 1));
    socket.write(subscribe(1, "/one-more"));
    await expect.poll(() => frames.at(-1)).toMatchObject({ kind: FRAME.subscribed, id: 1 });
    expect(publisher.existing("/unknown-1")).toBeUndefined();
    socket.destroy();
    await expect.poll(() => publisher.existing("/one-more")).toBeUndefined();
    for (let id = 1; id <= MAX_SUBSCRIPTIONS; id++) expect(publisher.existing(`/unknown-${id}`)).toBeUndefined();
  });

  it("leaves no memory behind when it subscribes and leaves again and again", async () => {
    await using peer = await openSubscriber();
    const { socket, frames } = await peer.dial();
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const rounds = async (from: number, count: number) => {
      for (let id = from; id < from + count; id++) {
        socket.write(subscribe(id, `/passing-${id}`));
        socket.write(encodeFrame(FRAME.unsubscribe, id));
      }
      await expect.poll(() => frames.at(-1)?.id, { timeout: 50_000 }).toBe(from + count - 1);
      frames.length = 0;
      collect();
      return process.memoryUsage().heapUsed;
    };
    await rounds(1, 2_000);
    const before = await rounds(10_000, 2_000);
    const after = await rounds(20_000, 10_000);
    // Each that is kept takes 2 KB and more.
    expect(after - before).toBeLessThan(5 * MIB);
  });

  it("hears the reason, with a code, and so does the program that reads the stream", async () => {
    await using peer = await openSubscriber();
    const { path, log, lines } = peer;
    const source = { topic: "/odom", messageName: "Any", qos: QOS, publishers: [path] };
    await using reader = new StreamReader({ streamSource: async () => source, onChange: () => () => {}, log });
    const first = await Promise.all(
      Array.from({ length: MAX_SUBSCRIPTIONS }, () => reader.subscribe("/odom", () => {})),
    );
    await expect(reader.subscribe("/odom", () => {})).rejects.toMatchObject({ code: "TOO_MANY_SUBSCRIPTIONS" });
    expect(lines).toEqual([
      expect.stringMatching(/^\/odom is not sent: over this connection 4096 streams are read already/),
    ]);
    first[0]?.();
    (await reader.subscribe("/odom", () => {}))?.();
    for (const leave of first) leave?.();
  });

  it("is hung up on when it says what no subscriber says, and disturbs nobody else", async () => {
    await using peer = await openSubscriber();
    const { publisher, lines, dial } = peer;
    const topic = publisher.topic("/count", "Any", false);
    const good = await dial();
    good.socket.write(subscribe(1, "/count"));
    await expect.poll(() => good.frames).toHaveLength(1);
    const wrong = [
      encodeFrame(FRAME.subscribe, 1, encode("/count")),
      encodeFrame(FRAME.subscribe, 1, encode(null)),
      encodeFrame(FRAME.subscribe, 1, new Uint8Array([0xc1])),
      subscribe(1, "x".repeat(2000)),
      subscribe(1, "/count", null),
      subscribe(1, "/count", { keep: "everything" }),
      subscribe(1, "/count", { keep: "queue", depth: Number.NaN }),
      subscribe(1, "/count", { keep: "all", maxRateHz: -1 }),
      Buffer.concat([subscribe(1, "/count"), encodeFrame(FRAME.mapped, 1, [7, 1])]),
      Buffer.concat([subscribe(1, "/count"), encodeFrame(FRAME.took, 1, [7])]),
      Buffer.concat([subscribe(1, "/count"), encodeFrame(99, 1)]),
    ];
    for (const bytes of wrong) {
      const { socket } = await dial();
      socket.write(bytes);
      await once(socket, "close");
    }
    expect(lines).toEqual(
      Array(wrong.length).fill(expect.stringMatching(/^A subscriber sent a frame that cannot be read/)),
    );
    const harmless = await dial();
    harmless.socket.write(subscribe(1, "/count", { keep: "all" }));
    for (const [kind, body] of [
      [FRAME.took, [2 ** 32 - 1, 2 ** 32 - 1]],
      [FRAME.release, [2 ** 31, 2 ** 31]],
      [FRAME.room, []],
      [FRAME.fault, []],
      [FRAME.restarted, []],
    ] as const)
      harmless.socket.write(encodeFrame(kind, 1, body));
    await expect.poll(() => harmless.frames.length).toBe(1);
    for (let n = 0; n < 10; n++) void topic.publish(n);
    await expect.poll(() => [good.frames.length, harmless.frames.length]).toEqual([11, 11]);
  });
});

describe("A publisher that offers what is not memory of its own", () => {
  it("is not mapped, and its stream goes on over the socket", async () => {
    await using resources = new AsyncDisposableStack();
    const { log, lines } = recordingLog();
    const directory = resources.use(await socketDirectory());
    const posix = await loadPosix();
    const small = posix.createMemory("small", 262_144 + 4096);
    const loose = await looseMemory(262_144 + 16 * 4096);
    const file = openSync(process.execPath, "r");
    const offer = { segment: 1, pid: process.pid, fd: small.fd, slots: 16, strideBytes: 4096, mailbox: 0 };
    const offers: Record<string, unknown> = {
      "is shorter than it says": offer,
      "can be truncated": { ...offer, fd: loose },
      "is a file": { ...offer, fd: file },
      "is of a process that has ended": { ...offer, pid: 0x7fff_fff0 },
      "has slots without an end": { ...offer, slots: 2 ** 31 },
      "has no slots": { ...offer, slots: 0 },
      "has slots that overlap": { ...offer, strideBytes: 8 },
      "has slots of fractions": { ...offer, strideBytes: 4096.5 },
      "has a mailbox outside of it": { ...offer, mailbox: 2 ** 20 },
      "has a path for a number": { ...offer, pid: "self" },
      "is nothing": null,
    };
    const servers = Object.entries(offers).map(async ([name, wrong], index) => {
      const path = join(directory.path, `${index}`);
      const connections: { readonly socket: Socket; readonly frames: ReturnType<typeof readFrames> }[] = [];
      const server = createServer((socket) => connections.push({ socket, frames: readFrames(socket) }));
      server.listen(path);
      await once(server, "listening");
      const hub = new StreamHub(log);
      const seen: unknown[] = [];
      const topic = hub.topic("/large", "Any", false);
      topic.addPort(
        new Edge(
          (value) => seen.push(value),
          QOS,
          (error) => {
            throw error;
          },
        ),
      );
      void hub.receive(topic, [path], QOS);
      await expect.poll(() => connections[0]?.frames[0]?.kind).toBe(FRAME.subscribe);
      const { socket, frames } = connections[0] as (typeof connections)[0];
      socket.write(encodeFrame(FRAME.subscribed, 1));
      socket.write(encodeFrame(FRAME.segment, 1, encode(wrong)));
      // It refuses, or hangs up on what cannot be an offer, and comes back.
      await expect.poll(() => frames.length > 1 || connections.length > 1, { message: name }).toBe(true);
      if (frames.length > 1) {
        expect(frames[1]?.kind, name).toBe(FRAME.mapped);
        expect([frames[1]?.body.readUInt32LE(0), frames[1]?.body.readUInt32LE(4)], name).toEqual([1, 0]);
      }
      const { socket: now } = connections.at(-1) as (typeof connections)[0];
      for (const time of [Number.NaN, -1, 1e300, 1]) {
        const body = Buffer.alloc(9);
        body.writeDoubleLE(time);
        body[8] = 7;
        if (time === 1) now.write(encodeFrame(FRAME.message, 1, body));
      }
      await expect.poll(() => seen, { message: name }).toEqual([7]);
      await hub[Symbol.asyncDispose]();
      for (const connection of connections) connection.socket.destroy();
      server.close();
      await once(server, "close");
    });
    await Promise.all(servers);
    expect(lines.filter((line) => line.includes("is offered in memory that cannot be used"))).toHaveLength(3);
    posix.unmap(small);
    for (const fd of [small.fd, loose, file]) posix.close(fd);
  });

  it("is not mapped any more after the ninth mailbox that cannot be right", async () => {
    await using resources = new AsyncDisposableStack();
    const { log, lines } = recordingLog();
    const directory = resources.use(await socketDirectory());
    const path = join(directory.path, "data");
    const posix = await loadPosix();
    const accepted = Promise.withResolvers<Socket>();
    const server = createServer((socket) => accepted.resolve(socket));
    server.listen(path);
    await once(server, "listening");
    const hub = new StreamHub(log);
    const topic = hub.topic("/large", "Any", false);
    topic.addPort(
      new Edge(
        () => {},
        QOS,
        () => {},
      ),
    );
    void hub.receive(topic, [path], QOS);
    const socket = await accepted.promise;
    const frames = readFrames(socket);
    await expect.poll(() => frames).toHaveLength(1);
    const mapped: number[] = [];
    for (let segment = 1; segment <= 12; segment++) {
      using ring = new SlotRing(posix, "hostile", segment, 16, 4096);
      ring.words[WORD.posted] = 2 ** 31;
      frames.length = 0;
      socket.write(encodeFrame(FRAME.segment, 1, encode({ ...ring.offer, mailbox: 0 })));
      await expect.poll(() => frames[0]?.kind).toBe(FRAME.mapped);
      const isMapped = frames[0]?.body.readUInt32LE(4) as number;
      mapped.push(isMapped);
      if (isMapped === 0) continue;
      socket.write(encodeFrame(FRAME.open, 1, [segment]));
      await expect.poll(() => frames[1]?.kind).toBe(FRAME.fault);
    }
    expect(mapped).toEqual([...Array(9).fill(1), 0, 0, 0]);
    expect(lines).toHaveLength(9);
    await hub[Symbol.asyncDispose]();
    socket.destroy();
    server.close();
    await once(server, "close");
  });

  it.each([Number.NaN, -1, 1e300, Number.POSITIVE_INFINITY])(
    "or says that a message was published at %s ms is hung up on: nothing of that stream would ever be too old",
    async (time) => {
      await using resources = new AsyncDisposableStack();
      const { log, lines } = recordingLog();
      const directory = resources.use(await socketDirectory());
      const path = join(directory.path, "data");
      const sockets: Socket[] = [];
      const server = createServer((socket) => sockets.push(socket));
      server.listen(path);
      await once(server, "listening");
      const hub = new StreamHub(log);
      const topic = hub.topic("/late", "Any", false);
      const seen: unknown[] = [];
      topic.addPort(
        new Edge(
          (value) => seen.push(value),
          { ...QOS, maxAgeMs: 100 },
          () => {},
        ),
      );
      void hub.receive(topic, [path], QOS);
      await expect.poll(() => sockets).toHaveLength(1);
      const body = Buffer.alloc(9);
      body.writeDoubleLE(time);
      sockets[0]?.write(encodeFrame(FRAME.message, 1, body));
      await expect.poll(() => sockets).toHaveLength(2);
      await turn();
      expect([seen, lines]).toEqual([[], ["A publisher sent something that cannot be read; reconnecting"]]);
      await hub[Symbol.asyncDispose]();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  );
});

/** Memory of this size that is called like ours and not sealed. */
async function looseMemory(bytes: number): Promise<number> {
  const { default: koffi } = await import("koffi");
  const libc = koffi.load(null);
  const fd = libc.func("int memfd_create(const char *name, unsigned int flags)")("dimos:loose", 1) as number;
  libc.func("int ftruncate(int fd, int64_t length)")(fd, bytes);
  return fd;
}

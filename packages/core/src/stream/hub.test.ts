import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { socketDirectory } from "../../test/socket-directory.ts";
import type { Qos } from "../qos.ts";
import { Edge } from "./edge.ts";
import { StreamHub } from "./hub.ts";
import { StreamReader } from "./stream-reader.ts";

const QOS = { keep: "queue" } as const;
const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };

function fail(error: unknown): never {
  throw error;
}

/** Two hubs, of which one receives what the other one publishes on `/count`. */
async function connectedHubs() {
  const directory = await socketDirectory();
  const publisher = new StreamHub(log);
  const reader = new StreamHub(log);
  const path = await publisher.listen(join(directory.path, "data"));
  const seen: unknown[] = [];
  const arriving = reader.topic("/count", "Count", false);
  arriving.addPort(new Edge((value) => seen.push(value), QOS, fail));
  await reader.receive(arriving, [path], QOS);
  return {
    publisher,
    reader,
    arriving,
    path,
    seen,
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]();
      await publisher[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

describe("StreamHub", () => {
  it("receives everything that is published after the publisher has answered", async () => {
    await using pair = await connectedHubs();
    const { publisher, seen } = pair;
    publisher.topic("/count", "Count", false).publish(1);
    await expect.poll(() => seen).toEqual([1]);
  });

  it("keeps no topic that neither a port of its process nor another process has any more", async () => {
    await using pair = await connectedHubs();
    const { publisher, reader, arriving, path } = pair;
    // Only the reader has it; the publisher keeps it for as long.
    await expect.poll(() => publisher.existing("/count")).toBeDefined();
    const topic = publisher.topic("/count", "Count", false);
    const leave = topic.watch(() => {});
    reader.forget(arriving);
    await expect.poll(() => topic.subscriberCount).toBe(0);
    expect(publisher.existing("/count")).toBe(topic);
    leave();
    publisher.forgetUnpublished(topic);
    expect(publisher.existing("/count")).toBeUndefined();
    // A port that comes back finds a new one.
    await reader.receive(arriving, [path], QOS);
    expect(publisher.existing("/count")).not.toBe(topic);
    await pair.publisher.topic("/count", "Count", false).publish(3);
    await expect.poll(() => pair.seen).toEqual([3]);
  });

  it("loses nothing when it is told again where a stream comes from, and that is where it was", async () => {
    await using pair = await connectedHubs();
    const { publisher, reader, arriving, path, seen } = pair;
    const again = reader.receive(arriving, [path], QOS);
    const topic = publisher.topic("/count", "Count", false);
    topic.publish(1);
    await again;
    topic.publish(2);
    await expect.poll(() => seen).toEqual([1, 2]);
  });

  it("changes what it asks for while messages flow, and tells when its publishers know (F4)", async () => {
    await using pair = await connectedHubs();
    const { publisher, reader, arriving, path, seen } = pair;
    const topic = publisher.topic("/count", "Count", false);
    const all: unknown[] = [];
    const edge = new Edge((value) => all.push(value), { keep: "all" }, fail);
    for (let n = 1; n <= 30; n++) {
      if (n % 10 === 1) arriving.addPort(edge);
      if (n % 10 === 6) arriving.removePort(edge);
      await reader.established([arriving]);
      void topic.publish(n);
      await expect.poll(() => seen.at(-1)).toBe(n);
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
    expect(all).toEqual(seen.filter((n) => ((n as number) - 1) % 10 < 5));
    expect(topic.sent).toMatchObject({ sent: 30, droppedOverrun: 0 });

    // While its publisher is away, what is asked for waits with it.
    await publisher[Symbol.asyncDispose]();
    arriving.addPort(edge);
    let isKnown = false;
    const known = reader.established([arriving]).then(() => {
      isKnown = true;
    });
    await turn();
    expect(isKnown).toBe(false);
    await rm(path, { force: true });
    await using back = new StreamHub(log);
    await back.listen(path);
    await known;
    void back.topic("/count", "Count", false).publish(31);
    await expect.poll(() => all.at(-1)).toBe(31);
  });

  it("begins with the latest value of a latched stream, not with the last that it has seen", async () => {
    await using pair = await connectedHubs();
    const { publisher, reader, path } = pair;
    const topic = publisher.topic("/map", "Map", true);
    const arriving = reader.topic("/map", "Map", true);
    const latched = { keep: "latest", latched: true } as const;
    const collect = (qos: Qos) => {
      const seen: unknown[] = [];
      const edge = new Edge((value) => seen.push(value), qos, fail);
      arriving.addPort(edge);
      return { seen, leave: () => arriving.removePort(edge) };
    };
    void topic.publish(1);
    const first = collect(latched);
    await reader.receive(arriving, [path], latched);
    await expect.poll(() => first.seen).toEqual([1]);
    first.leave();
    reader.forget(arriving);
    void topic.publish(2);
    const rare = collect({ ...latched, maxRateHz: 0.01 });
    await reader.receive(arriving, [path], latched);
    await expect.poll(() => rare.seen).toEqual([2]);
    void topic.publish(3);
    // The publisher has kept back the last one: it is for the subscriber that may have it.
    const every = collect(latched);
    await expect.poll(() => every.seen.at(-1)).toBe(3);
    expect(rare.seen).toEqual([2]);
  });

  it("does not wait for ever for a publisher that does not answer, and receives from it when it comes back", async () => {
    await using directory = await socketDirectory();
    const path = join(directory.path, "data");
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    silent.listen(path);
    const source = { topic: "/count", messageName: "Count", qos: QOS, publishers: [path] };
    await using reader = new StreamReader({ streamSource: async () => source, onChange: () => () => {}, log });
    const seen: unknown[] = [];
    const startMs = performance.now();
    expect(await reader.subscribe("/count", (value) => seen.push(value))).toBeTypeOf("function");
    expect(performance.now() - startMs).toBeGreaterThan(1_900);
    silent.close();
    for (const socket of sockets) socket.destroy();
    await once(silent, "close");
    await rm(path, { force: true });
    await using publisher = new StreamHub(log);
    await publisher.listen(path);
    const topic = publisher.topic("/count", "Count", false);
    while (seen.length === 0) {
      topic.publish(1);
      await turn();
    }
    expect(seen[0]).toBe(1);
  });
});

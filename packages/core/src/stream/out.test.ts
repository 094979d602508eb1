import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { socketDirectory } from "../../test/socket-directory.ts";
import { message } from "../message.ts";
import { Edge } from "./edge.ts";
import { StreamHub } from "./hub.ts";
import { In } from "./in.ts";
import { InOut } from "./in-out.ts";
import { Out } from "./out.ts";
import { Topic } from "./topic.ts";

const Any = message("test/Any", z.unknown());
const QOS = { keep: "queue" } as const;
const unexpected = (error: unknown) => {
  throw error;
};

function input() {
  return new In("any", Any, { qos: QOS, signal: new AbortController().signal, onError: unexpected });
}

function recordingLog() {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = { debug: write, info: write, warn: write, error: write, child: () => log };
  return { log, lines };
}

describe("Out", () => {
  it("knows how many listen in its process, and says when the first comes and the last has gone", () => {
    const output = new Out("any", Any, { validate: false });
    const [one, two] = [input(), input()];
    const told: number[] = [];
    const leave = output.onSubscribed((subscribers) => told.push(subscribers));
    expect(output.subscriberCount).toBe(0);
    const topic = new Topic("/any", "test/Any", false);
    output.attach(topic);
    one.attach(topic);
    two.attach(topic);
    expect(output.subscriberCount).toBe(2);
    one.attach(undefined);
    expect(told).toEqual([1]);
    two.attach(undefined);
    expect(told).toEqual([1, 0]);
    two.attach(topic);
    output.attach(undefined);
    expect(told).toEqual([1, 0, 1, 0]);
    leave();
    output.attach(topic);
    expect(told).toHaveLength(4);
  });

  it("does not count a port of both directions to itself", () => {
    const qos = { qos: QOS, signal: new AbortController().signal, onError: unexpected, validate: false };
    const [one, two] = [new InOut("any", Any, qos), new InOut("any", Any, qos)];
    const topic = new Topic("/any", "test/Any", false);
    const told: number[] = [];
    one.onSubscribed((subscribers) => told.push(subscribers));
    one.attach(topic);
    expect(one.subscriberCount).toBe(0);
    two.attach(topic);
    expect([one.subscriberCount, two.subscriberCount]).toEqual([1, 1]);
    expect(told).toEqual([1]);
  });

  it("counts other processes, and encodes and sends for them only", async () => {
    await using directory = await socketDirectory();
    const { log, lines } = recordingLog();
    await using hub = new StreamHub(log);
    await using reader = new StreamHub(log);
    const path = await hub.listen(join(directory.path, "data"));
    const topic = hub.topic("/any", "test/Any", false);
    const output = new Out("any", Any, { validate: false });
    output.attach(topic);
    const here = input();
    here.attach(topic);
    const told: number[] = [];
    output.onSubscribed((subscribers) => told.push(subscribers));
    let reads = 0;
    // Whoever encodes it reads its member.
    const probe = { n: 1 };
    Object.defineProperty(probe, "n", { enumerable: true, get: () => ++reads });
    await output.publish(probe);
    expect([reads, topic.sent.sent, here.latest()]).toEqual([0, 0, probe]);
    here.attach(undefined);
    expect(told).toEqual([0]);

    const arriving = reader.topic("/any", "test/Any", false);
    const seen: unknown[] = [];
    arriving.addPort(new Edge((value) => seen.push(value), QOS, unexpected));
    await reader.receive(arriving, [path], QOS);
    expect([output.subscriberCount, told]).toEqual([1, [0, 1]]);
    await output.publish(probe);
    await expect.poll(() => seen).toEqual([{ n: 1 }]);
    expect(topic.sent).toMatchObject({ sent: 1, droppedOverrun: 0, droppedRate: 0 });
    await output.publish({ onDone: () => {} });
    expect(lines).toEqual(["A message published on /any cannot be sent to another process"]);
    reader.forget(arriving);
    await expect.poll(() => told).toEqual([0, 1, 0]);
    await output.publish(probe);
    expect(reads).toBe(1);
  });
});

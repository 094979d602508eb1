import { readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { z } from "zod";
import { type DeepReadonly, Module, message, rpc } from "../src/index.ts";

/** Every byte of `data` is the lower one of `n`: what is torn shows. */
export interface Frame {
  readonly n: number;
  readonly data: Uint8Array;
}
const All = message<Frame>("test/AllFrames", z.custom<Frame>(), { qos: { keep: "all" } });
/** Its port loses messages, and its subscription does not. */
const Queued = message<Frame>("test/QueuedFrames", z.custom<Frame>());
const Latest = message<Frame>("test/LatestFrames", z.custom<Frame>(), { qos: { keep: "latest" } });

/** Every so many bytes of a frame are looked at: several in each page of memory. */
const LOOK_BYTES = 509;

function frame(n: number, bytes: number): Frame {
  return { n, data: new Uint8Array(bytes).fill(n & 0xff) };
}

export class FrameSource extends Module({
  source: import.meta.url,
  outputs: { every: All, queued: Queued, newest: Latest },
  dedicatedWorker: true,
  restart: { policy: "always", maxRestarts: 1000 },
}) {
  #n = 0;

  /** Publishes so many, and says how much memory that took at most. */
  publishEvery = rpc(async (count: number, bytes: number): Promise<number> => {
    const startBytes = process.memoryUsage.rss();
    let most = startBytes;
    for (let i = 0; i < count; i++) {
      await this.every.publish(frame(++this.#n, bytes));
      if (i % 1000 === 0) most = Math.max(most, process.memoryUsage.rss());
    }
    return most - startBytes;
  });

  publishQueued = rpc(async (count: number, bytes: number): Promise<void> => {
    for (let i = 0; i < count; i++) await this.queued.publish(frame(++this.#n, bytes));
  });

  publishNewest = rpc(async (count: number, bytes: number): Promise<number> => {
    const startBytes = process.memoryUsage.rss();
    for (let i = 0; i < count; i++) {
      void this.newest.publish(frame(++this.#n, bytes));
      await turn();
    }
    return process.memoryUsage.rss() - startBytes;
  });

  /** Publishes without an end. */
  flow = rpc(async (bytes: number): Promise<void> => {
    void (async () => {
      while (!this.signal.aborted) {
        void this.newest.publish(frame(++this.#n, bytes));
        await turn();
      }
    })();
  });
}

interface Seen {
  readonly count: number;
  readonly last: number;
  readonly isInOrder: boolean;
  readonly torn: number;
  /** Messages that stood in shared memory when they were lent. */
  readonly lent: number;
}

export class FrameSink extends Module({
  source: import.meta.url,
  inputs: { every: All, queued: Queued, newest: Latest },
  dedicatedWorker: true,
  restart: { policy: "always", maxRestarts: 1000 },
}) {
  #seen = { count: 0, last: 0, isInOrder: true, torn: 0, lent: 0 };

  override async start() {
    const take = async ({ n, data }: DeepReadonly<Frame>) => {
      this.#look(n, data);
      if (n % 100 === 0) await turn();
    };
    this.every.subscribe(take);
    this.queued.subscribe(take, { keep: "all" });
    this.newest.subscribe(
      async ({ n, data }) => {
        this.#look(n, data);
        if (data.buffer.byteLength > data.byteLength + 1024) this.#seen.lent++;
        await turn();
        this.#look(n, data);
      },
      { loan: true },
    );
    this.newest.subscribe(({ n, data }) => this.#look(n, data));
  }

  seen = rpc(async (): Promise<Seen> => this.#seen);

  /** Inodes of the shared memory that this process has mapped. */
  mapped = rpc(async (): Promise<string[]> => {
    const lines = readFileSync("/proc/self/maps", "utf8").split("\n");
    return [...new Set(lines.filter((line) => line.includes("memfd:dimos")).map((line) => line.split(/\s+/)[4] ?? ""))];
  });

  #look(n: number, data: Uint8Array): void {
    const seen = this.#seen;
    seen.count++;
    if (n < seen.last) seen.isInOrder = false;
    seen.last = n;
    const byte = n & 0xff;
    let isWhole = data.length > 0 && data.at(-1) === byte;
    for (let at = 0; at < data.length; at += LOOK_BYTES) isWhole &&= data[at] === byte;
    if (!isWhole) seen.torn++;
  }
}

import { EventEmitter } from "node:events";
import { setTimeout } from "node:timers/promises";
import { Module, message, rpc } from "@dimos/core";
import { z } from "zod";
import { Collector } from "./collector.ts";
import { messageMaker, nowNs, type Payload, type Stamped } from "./payload.ts";
import { flood, pace } from "./send.ts";

const Frame = message("bench/Frame", z.custom<Stamped>(), { qos: { keep: "all" } });
const LocalFrame = message("bench/LocalFrame", z.custom<Stamped>());

const POLL_MS = 2;

/** Publishes at full speed, or at a steady pace. */
export class Source extends Module({ source: import.meta.url, outputs: { frames: Frame }, dedicatedWorker: true }) {
  subscribers = rpc(async (count: number): Promise<void> => {
    while (this.frames.subscriberCount < count) await setTimeout(POLL_MS, undefined, { signal: this.signal });
  });

  flood = rpc((payload: Payload, durationMs: number) =>
    flood((frame) => this.frames.publish(frame), messageMaker(payload), durationMs),
  );

  pace = rpc((payload: Payload, count: number, intervalMs: number) =>
    pace((frame) => this.frames.publish(frame), messageMaker(payload), count, intervalMs),
  );
}

/** Counts what arrives, copied or on loan, and answers calls meanwhile. */
export class Sink extends Module({ source: import.meta.url, inputs: { frames: Frame }, dedicatedWorker: true }) {
  #collector = new Collector();
  #unsubscribe: (() => void) | undefined;

  listen = rpc(async (loan: boolean): Promise<void> => {
    // The next before the last: at no time does the publisher see nobody.
    const qos = { keep: "all", loan } as const;
    const unsubscribe = this.frames.subscribe((frame) => this.#collector.take(frame), qos);
    this.#unsubscribe?.();
    this.#unsubscribe = unsubscribe;
  });

  begin = rpc(async () => this.#collector.begin());
  finish = rpc((count: number) => this.#collector.finish(count));
  echo = rpc(async (value: unknown) => value);
}

/** Shares a worker with the sink below. */
export class LocalSource extends Module({
  source: import.meta.url,
  outputs: { frames: LocalFrame },
  group: "same-worker",
}) {
  /** Nanoseconds for each message, published on the stream. */
  publish = rpc(async (payload: Payload, count: number): Promise<number> => {
    const make = messageMaker(payload);
    const startedNs = nowNs();
    for (let n = 0; n < count; n++) void this.frames.publish(make(n, 0));
    return (nowNs() - startedNs) / count;
  });

  /** The same with an `EventEmitter` and one listener. */
  emit = rpc(async (payload: Payload, count: number): Promise<number> => {
    const make = messageMaker(payload);
    const emitter = new EventEmitter();
    let received = 0;
    emitter.on("frame", ({ n }: Stamped) => {
      received = n + 1;
    });
    const startedNs = nowNs();
    for (let n = 0; n < count; n++) emitter.emit("frame", make(n, 0));
    const tookNs = nowNs() - startedNs;
    if (received !== count) throw new RangeError(`${received} of ${count} emitted`);
    return tookNs / count;
  });
}

export class LocalSink extends Module({
  source: import.meta.url,
  inputs: { frames: LocalFrame },
  group: "same-worker",
}) {
  #received = 0;

  override async start(): Promise<void> {
    this.frames.subscribe(({ n }) => {
      this.#received = n + 1;
    });
  }

  received = rpc(async () => this.#received);
}

import { Module, rpc } from "../src/index.ts";
import { Cloud, Count, Map2d } from "./messages.ts";

export class Counter extends Module({ source: import.meta.url, outputs: { count: Count, cloud: Cloud, map: Map2d } }) {
  emit = rpc(async (from: number, to: number) => {
    for (let value = from; value <= to; value++) this.count.publish({ value });
  });

  emitCloud = rpc(async (points: Float32Array<ArrayBuffer>) => {
    await this.cloud.publish({ points });
  });

  emitMap = rpc(async (cells: number[]) => {
    await this.map.publish({ cells });
  });
}

export class Listener extends Module({ source: import.meta.url, inputs: { count: Count, cloud: Cloud, map: Map2d } }) {
  readonly seen: number[] = [];

  override async start() {
    this.count.subscribe(({ value }) => {
      this.seen.push(value);
    });
  }

  values = rpc(async () => this.seen);

  nextCount = rpc(async () => this.count.next({ timeoutMs: 5000 }));

  nextCloud = rpc(async () => {
    const { points } = await this.cloud.next({ timeoutMs: 5000 });
    return { kind: points.constructor.name, aligned: points.byteOffset % 4 === 0, points };
  });

  latestMap = rpc(async () => this.map.latest());

  lastMap = rpc(async () => this.map.latest() ?? (await this.map.next({ timeoutMs: 5000 })));
}

/** Publishes while it starts. */
export class Herald extends Module({ source: import.meta.url, outputs: { count: Count }, dedicatedWorker: true }) {
  override async start() {
    for (let value = 1; value <= 5; value++) void this.count.publish({ value });
  }
}

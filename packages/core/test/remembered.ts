import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Module, rpc } from "../src/index.ts";
import { Count } from "./messages.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const made: WeakRef<object>[] = [];

/** Counts its instances in this process that are still in memory. */
export class Remembered extends Module({ source: import.meta.url, inputs: { count: Count } }) {
  readonly ballast = new Float64Array(100_000);

  override async start() {
    made.push(new WeakRef(this));
    this.count.subscribe(() => this.ballast.fill(1));
    const timer = setInterval(() => this.ballast.fill(2), 1000);
    this.onStop(() => clearInterval(timer));
  }

  alive = rpc(async () => {
    // What an answer refers to is free a turn later.
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
    return made.filter((instance) => instance.deref() !== undefined).length;
  });

  heapBytes = rpc(async () => {
    collectGarbage();
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  });
}

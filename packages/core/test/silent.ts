import inspector from "node:inspector";
import { z } from "zod";
import { Module, rpc } from "../src/index.ts";

/** Does not return to its event loop, in each way in which that happens. */
export class Silent extends Module({ source: import.meta.url }) {
  pid = rpc(async () => process.pid);

  spin = rpc(async () => {
    for (;;);
  });

  block = rpc(async () => {
    block(600_000);
  });

  /** Takes this much processor time, however long that lasts. */
  work = rpc(async (ms: number) => {
    const before = process.cpuUsage();
    const ranMs = () => {
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    while (ranMs() < ms);
    return process.pid;
  });

  /** Begins once there were heartbeats with the debugger open. */
  debug = rpc(async (ms: number) => {
    inspector.open(0);
    await new Promise((resolve) => setTimeout(resolve, 600));
    block(ms);
    inspector.close();
    return process.pid;
  });
}

/** Takes its time in each step of its life, and does not return to its event loop meanwhile. */
export class SlowLife extends Module({ source: import.meta.url, config: z.object({ ms: z.number() }) }) {
  constructed = block(this.config.ms);

  override async build() {
    block(this.config.ms);
  }

  override async start() {
    block(this.config.ms);
  }

  override async stop() {
    block(this.config.ms);
  }

  pid = rpc(async () => process.pid);
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

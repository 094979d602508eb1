import { Module, message, rpc } from "@dimos/core";
import { z } from "zod";

const Samples = message("test/Samples", z.object({ data: z.instanceof(Float32Array) }), { qos: { keep: "latest" } });

export class Source extends Module({ source: import.meta.url, outputs: { samples: Samples } }) {
  override async start() {
    this.clock.interval(50, () => void this.samples.publish({ data: new Float32Array(500_000).fill(0.5) }));
  }
}

export class Sink extends Module({ source: import.meta.url, inputs: { samples: Samples }, dedicatedWorker: true }) {
  sum = rpc(async () => {
    const { data } = await this.samples.next({ timeoutMs: 20_000 });
    return data.reduce((sum, value) => sum + value, 0);
  });
}

import { Module, message, rpc } from "@dimos/core";
import { z } from "zod";

const Drawing = message("test/Drawing", z.object({ cells: z.number() }), { qos: { keep: "latest", latched: true } });

/** Publishes a stream whose last message counts until the next one. */
export class Mapper extends Module({ source: import.meta.url, outputs: { drawing: Drawing } }) {
  draw = rpc(async (cells: number): Promise<void> => {
    await this.drawing.publish({ cells });
  });
}

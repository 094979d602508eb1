import { z } from "zod";
import { message } from "../src/index.ts";

export const Count = message("test/Count", z.object({ value: z.number() }));
export const Label = message("test/Label", z.object({ text: z.string() }));
export const Cloud = message("test/Cloud", z.object({ points: z.instanceof(Float32Array) }), {
  qos: { keep: "latest" },
});
export const Map2d = message("test/Map2d", z.object({ cells: z.array(z.number()) }), {
  qos: { keep: "latest", latched: true },
});

import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { finite } from "./finite.ts";
import { Header } from "./header.ts";

const schema = z.object({
  header: Header,
  angleMin: z.number(),
  angleMax: z.number(),
  angleIncrement: z.number(),
  /** Seconds between two rays. */
  timeIncrement: z.number(),
  /** Seconds between two scans. */
  scanTime: z.number(),
  rangeMin: z.number(),
  rangeMax: z.number(),
  ranges: z.instanceof(Float32Array),
  intensities: z.instanceof(Float32Array).optional(),
});

/**
 * sensor_msgs/LaserScan: `ranges[i]` metres at `angleMin + i * angleIncrement` radians, counter-clockwise from the x
 * axis of `header.frameId`. `Infinity` where nothing was hit, `NaN` where nothing was measured. Only the latest counts.
 */
export const LaserScan = message("sensor_msgs/LaserScan", schema, { qos: { keep: "latest" }, check: finite(schema) });
export type LaserScan = Payload<typeof LaserScan>;

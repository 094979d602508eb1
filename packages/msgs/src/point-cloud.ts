import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { Header } from "./header.ts";

/**
 * sensor_msgs/PointCloud2 in the compact form of dimos: instead of described byte fields one `Float32Array` of
 * x, y, z triples, metres in `header.frameId`. Points that are not finite are no places: leave them out with `finitePoints`. Only the latest
 * counts.
 */
export const PointCloud = message(
  "sensor_msgs/PointCloud2",
  z.object({
    header: Header,
    xyz: z.instanceof(Float32Array).refine((xyz) => xyz.length % 3 === 0, {
      error: "xyz must hold three numbers per point",
    }),
  }),
  { qos: { keep: "latest" } },
);
export type PointCloud = Payload<typeof PointCloud>;

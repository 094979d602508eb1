import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { finite } from "./finite.ts";
import { Pose } from "./geometry.ts";
import { Header } from "./header.ts";
import { Time } from "./time.ts";

const schema = z
  .object({
    header: Header,
    info: z.object({
      mapLoadTime: Time,
      resolution: z.number().positive(),
      width: z.int().nonnegative(),
      height: z.int().nonnegative(),
      origin: Pose,
    }),
    data: z.instanceof(Int8Array),
  })
  .refine((grid) => grid.data.length === grid.info.width * grid.info.height, {
    error: "data must hold width x height cells",
    path: ["data"],
  });

/**
 * nav_msgs/OccupancyGrid: cost per cell, row by row from the cell at `info.origin` (its lower left corner, metres),
 * x first. `-1` unknown, `0` free, `1..99` rising cost, `100` occupied. `resolution` is metres per cell. Latched.
 */
export const OccupancyGrid = message("nav_msgs/OccupancyGrid", schema, {
  qos: { keep: "latest", latched: true },
  check: finite(schema),
});
export type OccupancyGrid = Payload<typeof OccupancyGrid>;

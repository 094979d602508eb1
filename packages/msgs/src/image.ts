import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { Header } from "./header.ts";

/**
 * sensor_msgs/Image: rows from the top, pixels from the left, `step` bytes per row. Encodings: `rgb8` and `bgr8` three
 * bytes a pixel, `rgba8` four, `mono8` one. `header.frameId` is an optical frame: z forward, x right. Only the latest counts.
 */
export const Image = message(
  "sensor_msgs/Image",
  z
    .object({
      header: Header,
      height: z.int().nonnegative(),
      width: z.int().nonnegative(),
      encoding: z.enum(["rgb8", "bgr8", "rgba8", "mono8"]),
      step: z.int().nonnegative(),
      data: z.instanceof(Uint8Array),
    })
    .refine((image) => image.data.length === image.step * image.height, {
      error: "data must hold step x height bytes",
      path: ["data"],
    }),
  { qos: { keep: "latest" } },
);
export type Image = Payload<typeof Image>;

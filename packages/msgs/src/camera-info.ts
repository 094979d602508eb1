import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { finite } from "./finite.ts";
import { Header } from "./header.ts";

const matrix = (length: number) => z.array(z.number()).length(length);

const schema = z.object({
  header: Header,
  height: z.int(),
  width: z.int(),
  distortionModel: z.string(),
  d: z.array(z.number()),
  k: matrix(9),
  r: matrix(9),
  p: matrix(12),
});

/**
 * sensor_msgs/CameraInfo: the pinhole camera of the images in the same `header.frameId`. `k` is 3 x 3
 * `[fx 0 cx  0 fy cy  0 0 1]` in pixels, `r` 3 x 3, `p` 3 x 4, all row by row; `d` are the distortion coefficients. Latched.
 */
export const CameraInfo = message("sensor_msgs/CameraInfo", schema, {
  qos: { keep: "latest", latched: true },
  check: finite(schema),
});
export type CameraInfo = Payload<typeof CameraInfo>;

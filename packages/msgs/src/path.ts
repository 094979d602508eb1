import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { Pose } from "./geometry.ts";
import { Header } from "./header.ts";

/** nav_msgs/Path: the poses to pass, first to last; an empty list takes the path back. Queue of 16. */
export const Path = message(
  "nav_msgs/Path",
  z.object({ header: Header, poses: z.array(z.object({ header: Header, pose: Pose })) }),
);
export type Path = Payload<typeof Path>;

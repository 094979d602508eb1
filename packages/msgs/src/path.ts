import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { finite } from "./finite.ts";
import { Pose } from "./geometry.ts";
import { Header } from "./header.ts";

const schema = z.object({ header: Header, poses: z.array(z.object({ header: Header, pose: Pose })) });

/** nav_msgs/Path: the poses to pass, first to last; an empty list takes the path back. Queue of 16. */
export const Path = message("nav_msgs/Path", schema, { check: finite(schema) });
export type Path = Payload<typeof Path>;

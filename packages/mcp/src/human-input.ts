import { message, type Payload } from "@dimos/core";
import { z } from "zod";

/** What people say to a robot: std_msgs/String, as `@dimos/msgs` and the robot's agent have it. */
export const HumanInput = message("std_msgs/String", z.object({ data: z.string() }));
export type HumanInput = Payload<typeof HumanInput>;

import { message, type Payload } from "@dimos/core";
import { z } from "zod";

/** std_msgs/Bool. */
export const Bool = message("std_msgs/Bool", z.object({ data: z.boolean() }));
export type Bool = Payload<typeof Bool>;

/** std_msgs/String; exported from the package as `String`. */
export const StringMessage = message("std_msgs/String", z.object({ data: z.string() }));
export type StringMessage = Payload<typeof StringMessage>;

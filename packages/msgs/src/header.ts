import { z } from "zod";
import { Time } from "./time.ts";

/** std_msgs/Header: when and in which coordinate frame (`"odom"`, `"base_link"`, `"map"`). */
export const Header = z.object({ stamp: Time, frameId: z.string() });
export type Header = z.infer<typeof Header>;

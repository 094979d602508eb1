import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { Header } from "./header.ts";

/** sensor_msgs/BatteryState: volts, amperes (negative while discharging), ampere hours, `percentage` from 0 to 1. Latched. */
export const BatteryState = message(
  "sensor_msgs/BatteryState",
  z.object({
    header: Header,
    voltage: z.number(),
    current: z.number(),
    charge: z.number(),
    capacity: z.number(),
    percentage: z.number().min(0).max(1),
    present: z.boolean(),
  }),
  { qos: { keep: "latest", latched: true } },
);
export type BatteryState = Payload<typeof BatteryState>;

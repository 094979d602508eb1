import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { finite } from "./finite.ts";
import { Header } from "./header.ts";

/** A number that a battery may not measure: NaN then. */
const Measured = z.number().or(z.nan()).meta({ unknown: "NaN" });

const schema = z.object({
  header: Header,
  voltage: Measured,
  current: Measured,
  charge: Measured,
  capacity: Measured,
  percentage: z.number().min(0).max(1).or(z.nan()).meta({ unknown: "NaN" }),
  present: z.boolean(),
});

/** sensor_msgs/BatteryState: volts, amperes (negative while discharging), ampere hours, `percentage` from 0 to 1; NaN what is not measured. Latched. */
export const BatteryState = message("sensor_msgs/BatteryState", schema, {
  qos: { keep: "latest", latched: true },
  check: finite(schema),
});
export type BatteryState = Payload<typeof BatteryState>;

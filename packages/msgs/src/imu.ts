import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { finite } from "./finite.ts";
import { Quaternion, Vector3 } from "./geometry.ts";
import { Header } from "./header.ts";

const schema = z.object({
  header: Header,
  orientation: Quaternion,
  angularVelocity: Vector3,
  linearAcceleration: Vector3,
});

/**
 * sensor_msgs/Imu without covariances: rad/s and m/s^2 in `header.frameId`; at rest `linearAcceleration.z` is +9.81.
 * `orientation` is that of `header.frameId` in a frame that does not turn, z up.
 */
export const Imu = message("sensor_msgs/Imu", schema, { check: finite(schema) });
export type Imu = Payload<typeof Imu>;

import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { finite } from "./finite.ts";
import { Quaternion, Vector3 } from "./geometry.ts";
import { Header } from "./header.ts";

const schema = z.object({
  header: Header,
  orientation: Quaternion.meta({ unknown: "zero" }),
  angularVelocity: Vector3,
  linearAcceleration: Vector3,
});

/**
 * sensor_msgs/Imu without covariances: rad/s and m/s^2 in `header.frameId`; at rest `linearAcceleration.z` is +9.81.
 * `orientation` is that of `header.frameId` in a frame that does not turn, z up; all zero when the sensor does not
 * estimate it, which ROS marks by a covariance of -1.
 */
export const Imu = message("sensor_msgs/Imu", schema, { check: finite(schema) });
export type Imu = Payload<typeof Imu>;

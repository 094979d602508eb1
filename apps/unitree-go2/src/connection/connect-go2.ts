import { radiansFromDegrees } from "@dimos/msgs/math";
import { z } from "zod";
import { Go2Error } from "../errors.ts";
import type { PlanarPose } from "../planar-pose.ts";
import { assertRoomToStand } from "../simulator/body.ts";
import { loadWorld } from "../world/load-world.ts";
import type { World } from "../world/world.ts";
import type { Go2Link } from "./go2-link.ts";
import { RemoteGo2, simulatorSocket } from "./remote-go2.ts";
import { SimulatedGo2 } from "./simulated-go2.ts";

/** Which Go2 to connect to, and what a simulated one is like. */
export const Go2Config = z
  .object({
    robotIp: z.string().optional().describe("address of a real Go2; without one the robot is simulated"),
    world: z.string().default("office").describe("world of the simulation: a name, or the path of a .json file"),
    startX: z
      .number()
      .optional()
      .describe("where the simulated robot stands at first, metres; default: as its world says"),
    startY: z.number().optional().describe("metres"),
    startYawDegrees: z.number().optional().describe("counter-clockwise from x; 0 when startX or startY is given"),
    seed: z
      .int()
      .nonnegative()
      .default(1)
      .describe("of the noise of the simulated sensors: the same seed, the same run"),
    odometryDrift: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe("error of the simulated odometry after one metre, standard deviation in metres; 0 is exact"),
    cameraHz: z
      .number()
      .min(0)
      .max(30)
      .default(2)
      .describe("pictures per second on colorImage, drawn in some 10 ms each; 0 draws only what observe asks for"),
  })
  .superRefine(({ robotIp, world }, context) => {
    if (robotIp !== undefined) return;
    // Before anything is started, not when the robot is being built.
    try {
      loadWorld(world);
    } catch (error) {
      if (!(error instanceof Go2Error)) throw error;
      context.addIssue({ code: "custom", path: ["world"], message: error.message });
    }
  });
export type Go2Config = z.infer<typeof Go2Config>;

/**
 * The Go2 that the settings ask for. Throws `Go2Error` when it cannot be had. A simulated one has a process of its own
 * where the module has one; in one process with everything else, it may go faster than real time.
 */
export function connectGo2(config: Go2Config, instance: string): Go2Link {
  const { robotIp, world, seed, odometryDrift, cameraHz } = config;
  if (robotIp === undefined) {
    const loaded = loadWorld(world);
    const start = startPose(config, loaded);
    // Known before a process is started for the robot.
    if (start !== undefined) assertRoomToStand(loaded, start, "The start pose");
    const settings = { instance, seed, odometryDrift, cameraHz };
    const { DIMOS_WORKER_PID, DIMOS_RUN_DIRECTORY } = process.env;
    if (DIMOS_WORKER_PID !== String(process.pid) || DIMOS_RUN_DIRECTORY === undefined)
      return new SimulatedGo2({ ...settings, start, world: loaded });
    const socket = simulatorSocket(DIMOS_RUN_DIRECTORY, instance);
    return new RemoteGo2(socket, { ...settings, start: start ?? null, world }, loaded.plan);
  }
  throw new Go2Error(
    "NO_DRIVER",
    `There is no driver for a real Go2 yet, so ${robotIp} cannot be connected to. Leave robotIp out to simulate the robot.`,
  );
}

/** Undefined when nothing was asked for. */
export function startPose(
  { startX, startY, startYawDegrees }: Go2Config,
  { plan: { start } }: World,
): PlanarPose | undefined {
  if (startX === undefined && startY === undefined && startYawDegrees === undefined) return undefined;
  const isElsewhere = startX !== undefined || startY !== undefined;
  const yaw = startYawDegrees === undefined ? (isElsewhere ? 0 : start.yaw) : radiansFromDegrees(startYawDegrees);
  return { x: startX ?? start.x, y: startY ?? start.y, yaw };
}

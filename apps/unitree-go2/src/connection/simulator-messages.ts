import type { PlanarPose } from "../planar-pose.ts";
import type { RobotBody } from "../simulator/robot-body.ts";
import type { WorldPlan } from "../world/world.ts";
import type { Go2Reports } from "./go2-link.ts";

/** What a simulated robot is; two connections with the same mean the same robot. */
export interface SimulatorSettings {
  readonly world: string;
  readonly seed: number;
  readonly odometryDrift: number;
  readonly cameraHz: number;
  /** Instance name of its connection. */
  readonly instance: string;
  /** Where it stands at first; null: where the world says. */
  readonly start: PlanarPose | null;
  /** Before the names of frames: `robot0/`. */
  readonly framePrefix: string;
}

/** What the process of a simulated robot is told at its start. */
export interface SimulatorTask {
  readonly settings: SimulatorSettings;
  readonly plan: WorldPlan;
}

/** Between a connection and the process of its simulated robot. See `simulator-server.ts`. */
export type ToSimulator =
  /** The last to drive is obeyed, whoever watches only sees. */
  | { readonly kind: "hello"; readonly role: "drive" | "watch" }
  | { readonly kind: "neighbour"; readonly body: RobotBody }
  | { readonly kind: "call"; readonly id: number; readonly method: SimulatorMethod; readonly args: readonly unknown[] };

export type SimulatorMethod =
  | "move"
  | "halt"
  | "standUp"
  | "lieDown"
  | "takePicture"
  | "readBattery"
  | "truth"
  | "addObstacle"
  | "removeObstacle"
  | "end";

export type FromSimulator =
  | {
      readonly kind: "welcome";
      readonly settings: SimulatorSettings;
      readonly description: string;
      readonly pid: number;
    }
  | { readonly kind: "reports"; readonly reports: readonly Report[] }
  | { readonly kind: "warning"; readonly text: string }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly code: string; readonly text: string };

export type Report = { readonly [K in keyof Go2Reports]: readonly [K, Go2Reports[K]] }[keyof Go2Reports];

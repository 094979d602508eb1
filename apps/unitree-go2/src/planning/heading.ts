import { wrapAngle } from "@dimos/msgs";
import type { PlanarPose } from "../planar-pose.ts";
import type { GoalOptions, NavigationGoal } from "./navigation.ts";

/** How far a robot has to turn for its goal: the way round that was asked for, else the shorter one. */
export class Heading {
  readonly #yaw: number | undefined;
  #lastYaw: number;
  /** Undefined when no turn was asked for. */
  #turnLeft: number | undefined;

  constructor({ yaw }: NavigationGoal, { turnRad }: GoalOptions, start: PlanarPose) {
    this.#yaw = yaw;
    this.#lastYaw = start.yaw;
    if (turnRad === undefined) return;
    // The robot may have been moved a little since the goal was computed: the turn ends at the goal's heading all the same.
    this.#turnLeft = turnRad + (yaw === undefined ? 0 : wrapAngle(yaw - start.yaw - turnRad));
  }

  /** The rest of a turn that was asked for: radians, also more than half a turn. */
  get turnLeft(): number | undefined {
    return this.#turnLeft;
  }

  /** Takes the next pose. Returns what is left to turn, radians counter-clockwise; undefined when any heading will do. */
  update({ yaw }: PlanarPose): number | undefined {
    if (this.#turnLeft !== undefined) this.#turnLeft -= wrapAngle(yaw - this.#lastYaw);
    this.#lastYaw = yaw;
    return this.left;
  }

  get left(): number | undefined {
    if (this.#turnLeft !== undefined || this.#yaw === undefined) return this.#turnLeft;
    return wrapAngle(this.#yaw - this.#lastYaw);
  }
}

import { type PlanarPose, planarDistance } from "../planar-pose.ts";

/** Shorter steps are noise. Metres. */
const STEP_M = 0.02;

/** Adds up how far odometry went. */
export class WalkedDistance {
  #last: PlanarPose | undefined;
  #metres = 0;

  get metres(): number {
    return this.#metres;
  }

  add(pose: PlanarPose): void {
    if (this.#last === undefined) {
      this.#last = pose;
      return;
    }
    const step = planarDistance(this.#last, pose);
    if (step < STEP_M) return;
    this.#metres += step;
    this.#last = pose;
  }
}

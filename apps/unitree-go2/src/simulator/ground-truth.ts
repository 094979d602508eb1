import { type PlanarPose, planarDistance } from "../planar-pose.ts";

/** What really happened to the simulated robot, for tests that do not believe its own odometry. */
export class GroundTruth {
  readonly start: PlanarPose;
  #last: PlanarPose;
  #travelled = 0;
  #collisions = 0;
  #gap: number;
  #smallestGap: number;
  #clearance: number;
  #smallestClearance: number;

  constructor(start: PlanarPose, gap: number, clearance: number) {
    this.start = start;
    this.#last = start;
    this.#gap = gap;
    this.#smallestGap = gap;
    this.#clearance = clearance;
    this.#smallestClearance = clearance;
  }

  get pose(): PlanarPose {
    return this.#last;
  }

  /** Metres walked, along the way. */
  get travelled(): number {
    return this.#travelled;
  }

  /** How often the robot came into contact with an obstacle. */
  get collisions(): number {
    return this.#collisions;
  }

  /** Metres between the robot's rectangle and the nearest obstacle, now. */
  get gap(): number {
    return this.#gap;
  }

  /** The smallest `gap` of the run. */
  get smallestGap(): number {
    return this.#smallestGap;
  }

  /** Metres between the robot's centre and the nearest obstacle, now: it can turn on the spot above 0.3 m. */
  get clearance(): number {
    return this.#clearance;
  }

  /** The smallest `clearance` of the run. */
  get smallestClearance(): number {
    return this.#smallestClearance;
  }

  moved(pose: PlanarPose, gap: number, clearance: number): void {
    this.#travelled += planarDistance(this.#last, pose);
    this.#last = pose;
    this.#gap = gap;
    this.#clearance = clearance;
    this.#smallestGap = Math.min(this.#smallestGap, gap);
    this.#smallestClearance = Math.min(this.#smallestClearance, clearance);
  }

  bumped(): void {
    this.#collisions++;
  }
}

import type { PlanarPose } from "../planar-pose.ts";
import type { Shape } from "./shape.ts";

/** Somebody or something that walks round the world, again and again. Metres, radians, seconds. */
export interface MoverPlan {
  readonly label: string;
  /** Round these points, and from the last one to the first. */
  readonly path: ReadonlyArray<readonly [x: number, y: number]>;
  readonly speed: number;
  /** How long it stands at each point. */
  readonly pause: number;
  /** What it is made of, as it stands at the origin and faces along x. */
  readonly parts: readonly Shape[];
}

/** Where somebody is on a path: enough to go on from there. */
export interface MoverState {
  /** Index of the point that it comes from. */
  readonly from: number;
  readonly isForwards: boolean;
  /** Metres from there. */
  readonly along: number;
  readonly yaw: number;
  /** Seconds. */
  readonly pausedFor: number;
}

/** Where a mover is on its path, and which way round it goes. It only moves when told to. */
export class Mover {
  readonly plan: MoverPlan;
  #from = 0;
  #isForwards = true;
  /** Metres from `#from` towards `#to`. */
  #along = 0;
  #yaw: number;
  #pausedFor = 0;

  constructor(plan: MoverPlan) {
    this.plan = plan;
    this.#yaw = this.#heading();
  }

  get pose(): PlanarPose {
    const [x, y] = this.#pointAt(this.#along);
    return { x, y, yaw: this.#yaw };
  }

  get state(): MoverState {
    const [from, isForwards, along] = [this.#from, this.#isForwards, this.#along];
    return { from, isForwards, along, yaw: this.#yaw, pausedFor: this.#pausedFor };
  }

  /** Goes on from a state of the same mover elsewhere. */
  take({ from, isForwards, along, yaw, pausedFor }: MoverState): void {
    this.#from = from;
    this.#isForwards = isForwards;
    this.#along = along;
    this.#yaw = yaw;
    this.#pausedFor = pausedFor;
  }

  /** Goes on for `dt` seconds, if `mayStandAt` lets it. Returns whether it was let. */
  advance(dt: number, mayStandAt: (pose: PlanarPose) => boolean): boolean {
    const { speed, pause } = this.plan;
    const length = this.#length();
    if (this.#along >= length) {
      this.#pausedFor += dt;
      if (this.#pausedFor < pause) return true;
      this.#pausedFor = 0;
      this.#from = this.#to;
      this.#along = 0;
      return true;
    }
    const along = Math.min(this.#along + speed * dt, length);
    const [x, y] = this.#pointAt(along);
    const yaw = this.#heading();
    if (!mayStandAt({ x, y, yaw })) return false;
    this.#along = along;
    this.#yaw = yaw;
    return true;
  }

  /** Goes back the way it came. */
  turnRound(): void {
    const left = Math.max(this.#length() - this.#along, 0);
    this.#from = this.#to;
    this.#isForwards = !this.#isForwards;
    this.#along = left;
  }

  get #to(): number {
    const count = this.plan.path.length;
    return (this.#from + (this.#isForwards ? 1 : count - 1)) % count;
  }

  #point(index: number): readonly [number, number] {
    return this.plan.path[index] as readonly [number, number];
  }

  #length(): number {
    const [[x1, y1], [x2, y2]] = [this.#point(this.#from), this.#point(this.#to)];
    return Math.hypot(x2 - x1, y2 - y1);
  }

  #heading(): number {
    const [[x1, y1], [x2, y2]] = [this.#point(this.#from), this.#point(this.#to)];
    return Math.atan2(y2 - y1, x2 - x1);
  }

  #pointAt(along: number): readonly [number, number] {
    const [[x1, y1], [x2, y2]] = [this.#point(this.#from), this.#point(this.#to)];
    const share = along / Math.max(this.#length(), 1e-9);
    return [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
  }
}

/** The parts of a mover as it stands at a pose. */
export function partsAt(parts: readonly Shape[], { x, y, yaw }: PlanarPose): Shape[] {
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
  return parts.map((part) => {
    const at = { x: x + cos * part.x - sin * part.y, y: y + sin * part.x + cos * part.y };
    return part.kind === "box" ? { ...part, ...at, yaw: part.yaw + yaw } : { ...part, ...at };
  });
}

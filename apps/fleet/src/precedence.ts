import type { FleetPose } from "./fleet-pose.ts";

/** Nearer than this two robots can meet within seconds. Metres between their middles. */
const NEAR_M = 2.2;
/** Farther apart than this they have parted. */
const APART_M = 2.6;
/** Side by side and walking away, the other has passed. */
const PASSED_M = 1;
/** Slower than this a robot stands. m/s. */
const STANDING_MPS = 0.05;
/** Who has stood for so long does not use its right. Seconds. */
const UNUSED_S = 2;
/**
 * Whoever has not been heard of for so long is not waited for: the process that speaks for it is also the one that passes
 * its velocities on, and without those it has stopped by itself after half a second. Seconds.
 */
const SILENT_S = 1;

interface Other {
  pose: FleetPose;
  heardS: number;
  walkedS: number;
  isWaitedFor: boolean;
}

/**
 * Who of several robots goes first where they meet: the one whose name comes first, as long as it walks. The others stand
 * still meanwhile, so that near each other only one moves, and goes round what stands. Times are seconds of any clock.
 */
export class Precedence {
  readonly #robot: string;
  readonly #others = new Map<string, Other>();

  constructor(robot: string) {
    this.#robot = robot;
  }

  hear(pose: FleetPose, now: number): void {
    if (pose.robot === this.#robot || this.#robot < pose.robot) return;
    const before = this.#others.get(pose.robot);
    const isWalking = Math.hypot(pose.vx, pose.vy) > STANDING_MPS;
    const walkedS = isWalking ? now : (before?.walkedS ?? Number.NEGATIVE_INFINITY);
    this.#others.set(pose.robot, { pose, heardS: now, walkedS, isWaitedFor: before?.isWaitedFor ?? false });
  }

  /** The robot that has to be let by now; undefined when this one may go. */
  waitsFor(own: { readonly x: number; readonly y: number }, now: number): string | undefined {
    let first: string | undefined;
    for (const [name, other] of this.#others) {
      other.isWaitedFor = now - other.heardS < SILENT_S && mustWait(own, other, now);
      if (other.isWaitedFor) first ??= name;
    }
    return first;
  }
}

function mustWait(own: { readonly x: number; readonly y: number }, other: Other, now: number): boolean {
  if (now - other.walkedS > UNUSED_S) return false;
  const { x, y, vx, vy } = other.pose;
  const [dx, dy] = [own.x - x, own.y - y];
  const distance = Math.hypot(dx, dy);
  if (distance > (other.isWaitedFor ? APART_M : NEAR_M)) return false;
  const isLeaving = dx * vx + dy * vy < 0;
  return !(isLeaving && distance > PASSED_M);
}

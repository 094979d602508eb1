import { seesNothing } from "@dimos/msgs";

/** What the lidar saw longer ago says nothing about what is ahead now. Milliseconds. */
const LOOK_MAX_AGE_MS = 500;
/** Half the width of the way that has to be free. Metres. */
const LANE_M = 0.4;

/** How far the way ahead is free by the last look of a lidar. Times are milliseconds of one steady clock. */
export class LaneWatch {
  #scannedMs = Number.NEGATIVE_INFINITY;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #aheadM = 0;

  /**
   * Takes a scan in the frame of the lidar. One that shows nothing at all is not a look, however fresh it is: a lidar that
   * is covered or broken often goes on publishing.
   */
  take(xyz: ArrayLike<number>, nowMs: number): void {
    this.#scannedMs = nowMs;
    if (seesNothing(xyz)) return;
    this.#lookedMs = nowMs;
    this.#aheadM = nearestAhead(xyz);
  }

  /** Why the lidar cannot be relied on now, as a sentence; undefined when it has just looked. */
  whyBlind(nowMs: number): string | undefined {
    if (nowMs - this.#lookedMs <= LOOK_MAX_AGE_MS) return undefined;
    return nowMs - this.#scannedMs > LOOK_MAX_AGE_MS
      ? "Nothing comes from the lidar."
      : "The lidar sees nothing. Its scans come, but without a single point: look whether it is covered or broken.";
  }

  /** Metres to the nearest thing in the lane ahead. A rover that does not see goes nowhere. */
  aheadM(nowMs: number): number {
    return this.whyBlind(nowMs) === undefined ? this.#aheadM : 0;
  }
}

function nearestAhead(xyz: ArrayLike<number>): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < xyz.length; i += 3) {
    const [x, y] = [xyz[i] as number, xyz[i + 1] as number];
    if (x > 0 && Math.abs(y) < LANE_M) nearest = Math.min(nearest, x);
  }
  return nearest;
}

/** What the simulator said at one moment. Times are of the host's monotonic clock, milliseconds. */
export interface Moment {
  readonly atMs: number;
  /** m/s. */
  readonly speed: number;
  /** rad/s. */
  readonly turning: number;
}

/** Slower than this the robot stands. m/s and rad/s. */
const STANDING_MPS = 0.02;
const STANDING_RPS = 0.02;

export function isMoving({ speed, turning }: Moment): boolean {
  return speed > STANDING_MPS || Math.abs(turning) > STANDING_RPS;
}

/**
 * How long after `sinceMs` the robot last moved, once it has stood for `forMs` and as many reports say so; undefined until
 * then. A robot that stops and sets off again within `forMs` has not stood.
 */
export function lastMovedAfter(moments: readonly Moment[], sinceMs: number, forMs: number): number | undefined {
  const newest = moments.at(-1);
  if (newest === undefined) return undefined;
  const lastMoved = moments.findLast((moment) => moment.atMs > sinceMs && isMoving(moment));
  const stoodSinceMs = lastMoved?.atMs ?? sinceMs;
  if (newest.atMs - stoodSinceMs < forMs) return undefined;
  return stoodSinceMs - sinceMs;
}

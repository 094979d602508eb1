import type { Time } from "./time.ts";

const NSEC_PER_SEC = 1_000_000_000;

/** The time stamp of a number of seconds, which may be negative (`-0.25` is `{ sec: -1, nsec: 750000000 }`). */
export function timeFromSeconds(seconds: number): Time {
  const sec = Math.floor(seconds);
  const nsec = Math.round((seconds - sec) * NSEC_PER_SEC);
  return nsec === NSEC_PER_SEC ? { sec: sec + 1, nsec: 0 } : { sec, nsec };
}

/** Seconds as a number; near the present epoch exact to about 0.2 microseconds. */
export function secondsFromTime(time: Readonly<Time>): number {
  return time.sec + time.nsec / NSEC_PER_SEC;
}

/** Milliseconds since the epoch, as the simulator counts them in its own process. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

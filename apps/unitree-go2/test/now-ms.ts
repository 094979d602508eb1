/** Milliseconds since the epoch, by a clock that never jumps. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Milliseconds of the host's monotonic clock: the same in every process, and it never jumps. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

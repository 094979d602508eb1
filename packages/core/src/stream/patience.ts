import { setTimeout as sleep } from "node:timers/promises";

/** Waits for `work`, which does not reject, but not longer than `timeoutMs`: what is late goes on by itself. */
export async function waitAtMost(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  over.abort();
}

import { quantile } from "../quantile.ts";

export interface Latencies {
  readonly p50Us: number;
  readonly p99Us: number;
}

/** How long calls take, one after the other. */
export async function latencies(call: () => Promise<unknown>, count: number): Promise<Latencies> {
  const tookUs: number[] = [];
  for (let index = 0; index < count; index++) {
    const startedMs = performance.now();
    await call();
    tookUs.push((performance.now() - startedMs) * 1000);
  }
  return { p50Us: quantile(tookUs, 0.5), p99Us: quantile(tookUs, 0.99) };
}

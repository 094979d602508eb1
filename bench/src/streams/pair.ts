import type { Figures } from "../compare.ts";
import type { BenchContext } from "../context.ts";
import type { Collected } from "./collector.ts";
import { type Payload, payloadBytes } from "./payload.ts";
import type { Sent } from "./send.ts";

const MIN_INTERVAL_MS = 1;
const MIN_PACED = 10;
const MAX_PACED = 100;

/** One publisher and its subscribers, each in a process of its own. */
export interface Pair extends AsyncDisposable {
  /** Every subscriber counts from zero. */
  begin(): Promise<void>;
  flood(payload: Payload, durationMs: number): Promise<Sent>;
  pace(payload: Payload, count: number, intervalMs: number): Promise<Sent>;
  /** What each subscriber has once `count` have been sent. */
  finish(count: number): Promise<readonly Collected[]>;
}

/** Full speed: what the slowest subscriber got per second, and what was lost. */
export async function measureFlood(pair: Pair, payload: Payload, durationMs: number): Promise<Figures> {
  await pair.begin();
  const sent = await pair.flood(payload, durationMs);
  const collected = await pair.finish(sent.count);
  const seconds = (Math.max(...collected.map(({ lastNs }) => lastNs)) - sent.startedNs) / 1e9;
  const received = Math.min(...collected.map((subscriber) => subscriber.received));
  const lost = collected.reduce((sum, subscriber) => sum + sent.count - subscriber.received, 0);
  const misordered = collected.reduce((sum, subscriber) => sum + subscriber.misordered, 0);
  if (misordered > 0) throw new Error(`${misordered} messages out of order`);
  return {
    perSecond: received / seconds,
    megabytesPerSecond: (received * payloadBytes(payload)) / seconds / 1e6,
    lostPercent: (100 * lost) / (sent.count * collected.length),
    cpuUsPerMessage: sent.cpuUs / sent.count,
  };
}

/** Full speed, then half of that speed and at most 1,000 per second for the latency, so that nothing queues. */
export async function measurePair(
  pair: Pair,
  payload: Payload,
  { floodMs, paceMs }: Pick<BenchContext, "floodMs" | "paceMs">,
): Promise<Figures> {
  const full = await measureFlood(pair, payload, floodMs);
  const { count, intervalMs } = pacing(full.perSecond as number, paceMs);
  await pair.begin();
  await pair.pace(payload, count, intervalMs);
  const [collected] = await pair.finish(count);
  return { ...full, p50Us: collected?.p50Us ?? Number.NaN, p99Us: collected?.p99Us ?? Number.NaN };
}

/** Slow enough for a link that moved so many per second at full speed. */
export function pacing(perSecond: number, paceMs: number): { readonly count: number; readonly intervalMs: number } {
  const intervalMs = Math.max(MIN_INTERVAL_MS, Math.ceil(2000 / perSecond));
  return { intervalMs, count: Math.min(MAX_PACED, Math.max(MIN_PACED, Math.round(paceMs / intervalMs))) };
}

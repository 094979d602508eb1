import type { Figures } from "../compare.ts";
import type { BenchContext } from "../context.ts";
import type { LineProcess } from "../line-process.ts";
import { pacing } from "./pair.ts";
import { type Payload, payloadBytes } from "./payload.ts";

/** What such a peer answers to `flood <bytes> <ms>` and to `pace <bytes> <count> <interval ms>`. */
interface Answer {
  readonly sent: number;
  readonly received: number;
  readonly seconds: number;
  readonly cpuUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

export async function measureLines(
  peer: LineProcess,
  payload: Payload,
  { floodMs, paceMs }: Pick<BenchContext, "floodMs" | "paceMs">,
): Promise<Figures> {
  const bytes = payloadBytes(payload);
  const full = await peer.ask<Answer>(`flood ${bytes} ${floodMs}`);
  const perSecond = full.received / full.seconds;
  const { count, intervalMs } = pacing(perSecond, paceMs);
  const paced = await peer.ask<Answer>(`pace ${bytes} ${count} ${intervalMs}`);
  return {
    perSecond,
    megabytesPerSecond: (perSecond * bytes) / 1e6,
    lostPercent: (100 * (full.sent - full.received)) / full.sent,
    cpuUsPerMessage: full.cpuUs / full.sent,
    p50Us: paced.p50Us,
    p99Us: paced.p99Us,
  };
}

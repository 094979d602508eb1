import { setImmediate, setTimeout } from "node:timers/promises";
import { nowNs, type Stamped } from "./payload.ts";

export type Publish = (message: Stamped) => void | Promise<void>;
export type MakeMessage = (n: number, t: number) => Stamped;

export interface Sent {
  readonly count: number;
  readonly startedNs: number;
  /** Processor time this process spent until the last was given away, microseconds. */
  readonly cpuUs: number;
}

/** As fast as the link takes them, for this long; the same loop for every contender. */
export async function flood(publish: Publish, make: MakeMessage, durationMs: number): Promise<Sent> {
  const cpu = process.cpuUsage();
  const startedNs = nowNs();
  const endNs = startedNs + durationMs * 1e6;
  let count = 0;
  do {
    // Awaiting nothing would cost those their batches that flush when promises are settled.
    const wait = publish(make(count++, 0));
    if (wait !== undefined) await wait;
  } while (nowNs() < endNs);
  // What was handed to the event loop is on its way before the processor time is read.
  await setImmediate();
  const { user, system } = process.cpuUsage(cpu);
  return { count, startedNs, cpuUs: user + system };
}

/** One every so often, each with the time it was sent. */
export async function pace(publish: Publish, make: MakeMessage, count: number, intervalMs: number): Promise<Sent> {
  const cpu = process.cpuUsage();
  const startedNs = nowNs();
  for (let n = 0; n < count; n++) {
    await setTimeout(intervalMs);
    await publish(make(n, nowNs()));
  }
  const { user, system } = process.cpuUsage(cpu);
  return { count, startedNs, cpuUs: user + system };
}

import type { Contender } from "../compare.ts";
import { NAMES } from "./names.ts";
import { nowNs, type Payload, payloadBytes } from "./payload.ts";

/** The ceiling: one copy of the bytes into a buffer that is used again, in one process. */
export function memcpy(payload: Payload, durationMs: number): Contender {
  const from = Buffer.alloc(payloadBytes(payload), 7);
  const to = Buffer.alloc(from.byteLength);
  const run = async () => {
    const startedNs = nowNs();
    let count = 0;
    while (nowNs() - startedNs < durationMs * 1e6) {
      from.copy(to);
      count++;
    }
    const seconds = (nowNs() - startedNs) / 1e9;
    return { perSecond: count / seconds, megabytesPerSecond: (count * from.byteLength) / seconds / 1e6 };
  };
  return { name: NAMES.memcpy, run };
}

/**
 * How many messages of a stream wait for a subscriber that is busy.
 *
 * - `latest`: one; a newer message replaces the one that waits.
 * - `queue`: up to `depth` (default 16); the oldest is dropped first.
 * - `all`: every message; the publisher waits in `await publish(...)` when a subscriber falls behind. A publisher that
 *   does not await may be 16,384 messages or 64 MB ahead of it, and then loses messages, which is logged.
 */
export type Keep = "latest" | "queue" | "all";

export interface Qos {
  readonly keep: Keep;
  /** Messages that may wait; only for `keep: "queue"`. */
  readonly depth?: number | undefined;
  /** Messages older than this on arrival are dropped. Milliseconds. */
  readonly maxAgeMs?: number | undefined;
  /** Messages above this rate are dropped. Hertz. */
  readonly maxRateHz?: number | undefined;
  /** A late or restarted subscriber gets the last value at once. */
  readonly latched?: boolean | undefined;
}

/** What a subscription may say otherwise than its port. */
export interface SubscribeOptions extends Partial<Qos> {
  /** Messages are lent, not copied: valid until the subscriber has settled, for a second at most. Default: false. */
  readonly loan?: boolean;
}

const DEFAULT_QUEUE_DEPTH = 16;
export const DEFAULT_QOS: Qos = Object.freeze({ keep: "queue", depth: DEFAULT_QUEUE_DEPTH });

/** How many messages may wait for a busy subscriber that does not keep all. */
export function waitingDepth({ keep, depth }: Qos): number {
  return keep === "latest" ? 1 : (depth ?? DEFAULT_QUEUE_DEPTH);
}

/** What a subscription asks for: a field that it leaves out, or gives as undefined, is as its port says. */
export function narrowed(qos: Qos, options: SubscribeOptions): Qos & SubscribeOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...qos, ...Object.fromEntries(given) };
}

const DEMAND: Readonly<Record<Keep, number>> = { latest: 0, queue: 1, all: 2 };

/** A QoS that delivers at least what either of the two would: each subscription then narrows it for itself. */
export function widest(a: Qos, b: Qos): Qos {
  const keep = DEMAND[a.keep] >= DEMAND[b.keep] ? a.keep : b.keep;
  return {
    keep,
    depth: keep === "queue" ? Math.max(waitingDepth(a), waitingDepth(b)) : undefined,
    maxAgeMs: bothOrNone(a.maxAgeMs, b.maxAgeMs),
    maxRateHz: bothOrNone(a.maxRateHz, b.maxRateHz),
    latched: a.latched === b.latched ? a.latched : a.latched === true || b.latched === true || undefined,
  };
}

/** Whether both deliver the same. */
export function sameQos(a: Qos, b: Qos): boolean {
  const [one, other] = [widest(a, a), widest(b, b)];
  return (Object.keys(one) as (keyof Qos)[]).every((field) => one[field] === other[field]);
}

function bothOrNone(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

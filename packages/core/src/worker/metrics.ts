/**
 * What one worker counts. Counts go up from the deployment of a module and never down; a rate is the difference between
 * two readings, over that of their `atMs`. Plain data: it travels to other processes as it is.
 */
export interface WorkerMetrics {
  /** When it was read: milliseconds on the monotonic clock of the host. */
  readonly atMs: number;
  /** By how much timers came late since the reading before this; undefined in the first one. */
  readonly eventLoopDelayMs: DelayMetrics | undefined;
  readonly methods: readonly MethodMetrics[];
  readonly ports: readonly PortMetrics[];
}

export interface DelayMetrics {
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
}

/** One rpc method or skill. Deep reads count as `$read`, calls of deep paths as `$callPath`. */
export interface MethodMetrics {
  readonly instance: string;
  readonly method: string;
  readonly calls: number;
  /** Calls that rejected. */
  readonly failed: number;
  /** Calls that run now. */
  readonly active: number;
}

/** One end of a stream. A port of both directions is listed twice, once for each. */
export interface PortMetrics {
  readonly instance: string;
  readonly port: string;
  readonly direction: "in" | "out";
  /** Wire name, `/odom`. */
  readonly topic: string;
  readonly messageName: string;
  /** Out: input ports of this process and other processes that take the stream. In: subscriptions of the module. */
  readonly subscribers: number;
  /** Messages this port has published; 0 for an input. */
  readonly published: number;
  /** In: messages given to subscriptions. Out: messages written to other processes, once for each of them. */
  readonly delivered: number;
  /** Messages that were not delivered, at this end, for each subscription that missed one. */
  readonly dropped: DropMetrics;
  /** Encoded size of what came from, or went to, other processes. */
  readonly bytes: number;
  /** Publication to delivery, milliseconds, of a message that was sampled lately; undefined before, and for outputs. */
  readonly ageMs: number | undefined;
  /** Of an input: why the newest message was left out; left out itself when it was not. */
  readonly fault?: string;
  /** Of an output: left out while shared memory has not been at fault. */
  readonly memory?: MemoryMetrics;
}

/** Shared memory that held what neither side can have written: a process writes where it should not. */
export interface MemoryMetrics {
  /** How often. Each time the subscriber that it was shared with got other memory, or none. */
  readonly faults: number;
  /** Subscribers that get large messages over the socket for that. */
  readonly onSocket: number;
}

export interface DropMetrics {
  /** The subscriber was busy, and its QoS keeps no more. */
  readonly overrun: number;
  /** Older than `maxAgeMs`. */
  readonly age: number;
  /** Above `maxRateHz`. */
  readonly rate: number;
  /** Left out by an input, because a check of its type or port found a fault. */
  readonly invalid: number;
}

/** A stream of a run with its ends, as plain data. */
export interface TopicStatus {
  /** Wire name, `/odom`. */
  readonly topic: string;
  readonly messageName: string;
  /** Ports that publish it, `Camera.image`. */
  readonly publishers: readonly string[];
  /** Ports that receive it. */
  readonly subscribers: readonly string[];
  /** Something outside of the run has published it. */
  readonly isFromOutside: boolean;
  /** How often the shared memory that it is published in was at fault; left out while it never was. */
  readonly memoryFaults?: number;
}

import type { Payload, Stamped } from "../payload.ts";
import type { Publish } from "../send.ts";

/** What a publishing process holds. */
export interface LinkPublisher {
  /** Prepared for one kind of message. Returns a promise when the link wants no more for now. */
  publish(payload: Payload): Publish;
  readonly subscribers: number;
}

/** One way to get messages from one process into others. */
export interface Link {
  /** `address` is a path that nobody else uses, or what the peer needs to know. */
  publisher(address: string): Promise<LinkPublisher>;
  subscriber(address: string, take: (message: Stamped) => void): Promise<void>;
}

export function drained(emitter: { once(name: "drain", listener: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => void emitter.once("drain", resolve));
}

import type { Transport } from "../../transport.ts";
import type { SharedMemory } from "./shared-memory.ts";
import { strideOf } from "./slot.ts";
import { SlotRing } from "./slot-ring.ts";

/** Messages of one topic that may be on their way at a time: more of smaller ones. Only slots that were written use memory. */
const MIN_SLOTS = 16;
const MAX_SLOTS = 128;
const RING_BYTES = 8 * 1024 * 1024;
/** A ring has room for messages somewhat larger than the one it was made for. */
const HEADROOM = 1.25;

interface SharedTopic {
  readonly name: string;
  readonly transport: Transport;
}

/** The shared memory that one process publishes one topic in: a ring that is replaced when messages outgrow it. */
export class TopicMemory implements Disposable {
  readonly #topic: SharedTopic;
  readonly #shared: SharedMemory;
  #ring: SlotRing | undefined;

  constructor(topic: SharedTopic, shared: SharedMemory) {
    this.#topic = topic;
    this.#shared = shared;
  }

  /** The ring for a message of this size; undefined where there is none, or none yet. */
  ringFor(messageBytes: number): SlotRing | undefined {
    if (this.#topic.transport === "socket") return undefined;
    if (this.#ring?.fits(messageBytes) === true) return this.#ring;
    const { posix } = this.#shared;
    if (posix === undefined) return undefined;
    this.renew();
    try {
      const name = `${process.env.DIMOS_RUN_ID ?? process.pid}:${this.#topic.name}`.slice(0, 200);
      const strideBytes = strideOf(messageBytes * HEADROOM);
      const slots = Math.min(MAX_SLOTS, Math.max(MIN_SLOTS, Math.floor(RING_BYTES / strideBytes)));
      this.#ring = new SlotRing(posix, name, this.#shared.nextId(), slots, strideBytes);
    } catch (error) {
      this.#shared.giveUp("the system gives no memory to share", error);
    }
    return this.#ring;
  }

  /** The next message gets a new ring, which all subscribers are offered. */
  renew(): void {
    this.#ring?.[Symbol.dispose]();
    this.#ring = undefined;
  }

  /** Something in its memory cannot be right: nothing is written there any more. */
  fault(): void {
    this.#shared.faulted(this.#topic.name);
    this.renew();
  }

  /** The ring has no free slot. */
  full(): undefined {
    this.#shared.full(this.#topic.name);
  }

  [Symbol.dispose](): void {
    this.renew();
  }
}

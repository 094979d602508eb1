import { encodeParts, type MessageEncoder } from "@dimos/rpc";
import type { SlotAddress } from "./shared/slot.ts";
import type { SlotRing } from "./shared/slot-ring.ts";

/** Smaller messages are copied into the frames they are sent in, and have no memory of their own unless they are kept. */
export const SMALL_BYTES = 16 * 1024;
export const ENCODING = { root: "message", classInstances: "plain" } as const;

/** One published message on its way to other processes: encoded, and copied into shared memory, once for all of them. */
export class Outgoing {
  readonly message: unknown;
  readonly publishedMs: number;
  readonly #encoder: MessageEncoder;
  /** Its encoding in memory of its own. */
  #parts: readonly Uint8Array[] | undefined;
  /** Unless it has parts, its encoding stands in the encoder, if that is not at another message meanwhile. */
  #turn = 0;
  #bytes = 0;
  #isKept = false;
  #address: SlotAddress | undefined;

  constructor(message: unknown, publishedMs: number, encoder: MessageEncoder) {
    this.message = message;
    this.publishedMs = publishedMs;
    this.#encoder = encoder;
  }

  /** Size of its encoding. @throws NotSerializableError naming the place of what cannot be sent. */
  get bytes(): number {
    if (this.#bytes === 0) this.#encode();
    return this.#bytes;
  }

  /** Its encoding, large arrays as they are. @throws NotSerializableError naming the place of what cannot be sent. */
  get parts(): readonly Uint8Array[] {
    if (this.bytes > 0 && this.#parts === undefined) this.#take();
    return this.#parts as readonly Uint8Array[];
  }

  /** It has to wait: others are encoded before it is sent. */
  keep(): void {
    this.#isKept = true;
    if (this.#bytes > 0 && this.#parts === undefined) this.#take();
  }

  /** Copies its encoding, which is small, to where it shall stand. */
  copyTo(target: Uint8Array, at: number): void {
    if (this.#parts === undefined && this.#turn === this.#encoder.turn) {
      this.#encoder.copyTo(target, at);
      return;
    }
    let to = at;
    for (const part of this.parts) {
      target.set(part, to);
      to += part.byteLength;
    }
  }

  /** Holds a slot of the ring with this message in it; undefined when the ring is full. */
  hold(ring: SlotRing): SlotAddress | undefined {
    if (this.#address !== undefined && ring.hold(this.#address)) return this.#address;
    this.#address = ring.place(this.parts, this.bytes);
    if (this.#address !== undefined) ring.hold(this.#address);
    return this.#address;
  }

  #encode(): void {
    const encoder = this.#encoder;
    if (encoder.isBusy) {
      this.#parts = encodeParts(this.message, ENCODING);
      for (const part of this.#parts) this.#bytes += part.byteLength;
      return;
    }
    this.#bytes = encoder.encode(this.message);
    this.#turn = encoder.turn;
    if (this.#isKept || this.#bytes >= SMALL_BYTES) this.#take();
  }

  #take(): void {
    const isThere = this.#turn === this.#encoder.turn;
    this.#parts = isThere ? this.#encoder.takeParts() : encodeParts(this.message, ENCODING);
  }
}

import type { EncodeOptions } from "./codec.ts";
import { Encoder } from "./encoder.ts";
import { TextLists } from "./text-lists.ts";

/**
 * Encodes many messages, one after another, as `encodeParts` does, into memory that is used again. It knows lists of texts
 * that came before, such as names of joints. The faster way for a stream of small messages.
 */
export class MessageEncoder {
  readonly #root: string;
  readonly #encoder: Encoder;
  #isBusy = false;
  #turn = 0;

  constructor({ root = "value", classInstances }: EncodeOptions = {}) {
    this.#root = root;
    this.#encoder = new Encoder(classInstances, undefined, true, new TextLists());
  }

  /** It is called by a getter of the message that it encodes, and cannot encode another meanwhile. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Changes with each message: while it is the same, the last one is still here. */
  get turn(): number {
    return this.#turn;
  }

  /** Returns how many bytes it takes. @throws NotSerializableError naming the place of what cannot be sent. */
  encode(value: unknown): number {
    const encoder = this.#encoder;
    this.#isBusy = true;
    this.#turn++;
    try {
      encoder.restart();
      encoder.encode(value, this.#root);
    } finally {
      encoder.forget();
      this.#isBusy = false;
    }
    return encoder.writer.length;
  }

  /** Copies the last message, of fewer than 64 KB, to where it shall stand. */
  copyTo(target: Uint8Array, at: number): void {
    this.#encoder.writer.copyTo(target, at);
  }

  /** Gives the last message away, in pieces that stay as they are. Large typed arrays are views of their memory. */
  takeParts(): Uint8Array[] {
    this.#turn++;
    return this.#encoder.writer.takeParts();
  }
}

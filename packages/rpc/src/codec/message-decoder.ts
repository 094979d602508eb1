import { decode } from "./codec.ts";
import { Decoder } from "./decoder.ts";
import { TextCache } from "./text-cache.ts";

/**
 * Decodes many messages, one after another, as `decode` does. It knows the names of messages like those before, which
 * makes it the faster way for a stream of small ones. It keeps the memory the last one was read from.
 */
export class MessageDecoder {
  readonly #decoder = new Decoder(new TextCache());
  #isBusy = false;

  /** The value whose encoding stands in `bytes` from `start` to `end`. @throws FrameError for anything else. */
  decode(bytes: Uint8Array, start = 0, end = bytes.byteLength): unknown {
    // Setters on built-in prototypes are called by assignments.
    if (this.#isBusy) return decode(bytes.subarray(start, end));
    this.#isBusy = true;
    try {
      return this.#decoder.decode(bytes, start, end);
    } finally {
      this.#decoder.forget();
      this.#isBusy = false;
    }
  }
}

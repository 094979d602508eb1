import type { Socket } from "node:net";
import { deserialize, serialize } from "node:v8";

const LENGTH_BYTES = 4;
/** Nothing that a simulator says is larger: what claims to be is not from one. */
const MAX_MESSAGE_BYTES = 64 * 2 ** 20;
/** A reader that is this far behind misses what may be missed. */
const MAX_UNSENT_BYTES = 8 * 2 ** 20;

/** Messages over a local socket: their length, and themselves as V8 serialises them, so that pictures and scans stay bytes. */
export class MessageSocket {
  readonly #socket: Socket;
  readonly #onMessage: (message: unknown) => void;
  #received: Buffer[] = [];
  #receivedBytes = 0;

  constructor(socket: Socket, onMessage: (message: unknown) => void, onClose: () => void) {
    this.#socket = socket;
    this.#onMessage = onMessage;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    // "close" follows, and says all that matters.
    socket.on("error", () => {});
    socket.on("close", onClose);
  }

  /** @param mayDrop the next one will be newer: it is left out for a reader that does not keep up */
  send(message: unknown, mayDrop = false): void {
    if (this.#socket.destroyed || (mayDrop && this.#socket.writableLength > MAX_UNSENT_BYTES)) return;
    const body = serialize(message);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(body.byteLength);
    this.#socket.cork();
    this.#socket.write(length);
    this.#socket.write(body);
    this.#socket.uncork();
  }

  close(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#receivedBytes += chunk.byteLength;
    for (;;) {
      if (this.#receivedBytes < LENGTH_BYTES) return;
      const first = this.#joined(LENGTH_BYTES);
      const end = LENGTH_BYTES + first.readUInt32LE();
      if (end > MAX_MESSAGE_BYTES) {
        this.#socket.destroy();
        return;
      }
      if (this.#receivedBytes < end) return;
      const frame = this.#joined(end);
      const body = frame.subarray(LENGTH_BYTES, end);
      this.#received = frame.byteLength === end ? [] : [frame.subarray(end)];
      this.#receivedBytes -= end;
      this.#onMessage(deserialize(body));
    }
  }

  /** The first chunk, with at least so many bytes. */
  #joined(bytes: number): Buffer {
    if ((this.#received[0]?.byteLength ?? 0) < bytes) this.#received = [Buffer.concat(this.#received)];
    return this.#received[0] as Buffer;
  }
}

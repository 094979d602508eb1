import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { createCork } from "../cork.ts";

/** Methods that wait for one another over one connection need room to do so. */
const MAX_CALLS_IN_FLIGHT = 2048;
const PAUSE_ABOVE_UNSENT_BYTES = 64 * 1024;
const DROP_ABOVE_UNSENT_BYTES = 16 * 1024 * 1024;
/** While too many calls are in flight, a little is read this often, or an abort could never arrive. */
const TRICKLE_MS = 100;
const POLICY = 1008;

/**
 * The socket of one client, with its flow control: nothing is read from a client that has too many calls in flight
 * or does not take its answers, so that what it sends waits in its own memory.
 */
export class Peer {
  readonly clientId: string;
  readonly socket: Socket;
  readonly closed: Promise<void>;
  dropped = 0;
  /** Before frames are handled: their answers leave together. */
  readonly cork: () => void;
  readonly #webSocket: WebSocket;
  #calls = 0;
  #bytesRead = 0;
  #trickle: NodeJS.Timeout | undefined;

  constructor(clientId: string, webSocket: WebSocket, socket: Socket) {
    this.clientId = clientId;
    this.#webSocket = webSocket;
    this.socket = socket;
    this.cork = createCork(socket);
    socket.on("drain", this.#regulate);
    this.closed = new Promise((resolve) => {
      webSocket.once("close", () => {
        clearInterval(this.#trickle);
        socket.off("drain", this.#regulate);
        resolve();
      });
    });
  }

  get unsentBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  get isPaused(): boolean {
    return this.#webSocket.isPaused;
  }

  set calls(count: number) {
    this.#calls = count;
    if (count >= MAX_CALLS_IN_FLIGHT || this.isPaused || this.unsentBytes > PAUSE_ABOVE_UNSENT_BYTES) this.#regulate();
  }

  /** Events and progress: what a slow reader has no room for is dropped and counted. */
  sendOrDrop(frame: Buffer): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    if (this.unsentBytes + frame.length > DROP_ABOVE_UNSENT_BYTES) this.dropped += 1;
    else this.#webSocket.send(frame, ignore);
  }

  /** Reads a little of a client that is paused. Whether something came of it, and more may be waiting. */
  readOn(): boolean {
    if (!this.isPaused) return false;
    const { bytesRead } = this.socket;
    const hasMore = bytesRead !== this.#bytesRead;
    this.#bytesRead = bytesRead;
    this.#read();
    return hasMore;
  }

  ping(): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping(undefined, undefined, ignore);
  }

  close(code: number, reason: string): void {
    this.#webSocket.resume();
    this.#webSocket.close(code, reason);
  }

  /** Ends the connection at once. A client that was only stopped reads the reason when it wakes up. */
  cut(reason: string): void {
    this.close(POLICY, reason);
    this.terminate();
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  // A field, to be the same function when the listener is removed.
  readonly #regulate = (): void => {
    const isFull = this.unsentBytes > PAUSE_ABOVE_UNSENT_BYTES;
    const isBusy = this.#calls >= MAX_CALLS_IN_FLIGHT;
    if (isFull || isBusy) this.#webSocket.pause();
    // On a later tick, for other clients to have their turn.
    else if (this.isPaused) setImmediate(() => this.#webSocket.resume());
    if (isBusy && !isFull) this.#trickle ??= setInterval(this.#read, TRICKLE_MS).unref();
    else if (this.#trickle !== undefined) {
      clearInterval(this.#trickle);
      this.#trickle = undefined;
    }
  };

  readonly #read = (): void => {
    if (!this.isPaused) return;
    this.#webSocket.resume();
    setImmediate(this.#regulate);
  };
}

/** A failed send means a closing socket, and that is told by its close event. */
function ignore(): void {}

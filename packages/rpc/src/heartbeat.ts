import type { Socket } from "node:net";

/**
 * Checks per limit. Between two checks what came in is read, so that a process that was busy for longer than the limit
 * asks its peer again before it gives it up.
 */
const CHECKS = 4;

export interface Watched {
  readonly socket: Socket;
  /** Nothing is read from it at the moment, so that it cannot show life. */
  isPaused?(): boolean;
  ping(): void;
  /** Silent for the whole limit. */
  onSilent(): void;
}

/**
 * Finds peers that are gone without a word. Any traffic counts as life: bytes that come in, or a backlog that goes out.
 * A limit of 0 watches for nothing.
 */
export class Heartbeat {
  readonly limitMs: number;
  readonly #stepMs: number;
  readonly #watched = new Map<Watched, { bytesRead: number; taken: number; backlog: number; silent: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    this.limitMs = limitMs;
    this.#stepMs = limitMs / CHECKS;
  }

  watch(peer: Watched): () => void {
    if (this.#stepMs <= 0) return () => {};
    this.#watched.set(peer, { bytesRead: -1, taken: 0, backlog: 0, silent: 0 });
    this.#timer ??= setInterval(() => this.#check(), this.#stepMs).unref();
    return () => {
      this.#watched.delete(peer);
      if (this.#watched.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #check(): void {
    for (const [peer, state] of this.#watched) {
      const { bytesRead, bytesWritten, writableLength } = peer.socket;
      const taken = bytesWritten - writableLength;
      // Pings go into an empty backlog, so they do not pass for life.
      const isAlive = bytesRead !== state.bytesRead || (state.backlog > 0 && taken !== state.taken);
      state.silent = isAlive || peer.isPaused?.() === true ? 0 : state.silent + 1;
      Object.assign(state, { bytesRead, taken, backlog: writableLength });
      if (state.silent >= CHECKS) peer.onSilent();
      else if (state.silent > 0) peer.ping();
    }
  }
}

import { CallerSilentError } from "../errors.ts";
import { encodeServerFrame, type ServerFrame } from "../frames.ts";
import { SignsOfLife } from "../signs-of-life.ts";
import type { Call } from "./call.ts";
import type { Peer } from "./peer.ts";

/**
 * Asks one client for signs of life while calls of its want that. The client's event loop answers. One question serves all
 * calls of the client, and costs it one frame.
 */
export class CallerWatch {
  readonly #peer: Peer;
  /** How often each call is watched: several skills may run for one call. */
  readonly #calls = new Map<Call, { readonly id: number | undefined; holds: number }>();
  readonly #signs: SignsOfLife;

  constructor(peer: Peer) {
    this.#peer = peer;
    this.#signs = new SignsOfLife({
      ask: (question) => this.#send({ kind: "ask", question }),
      onSilent: (silentMs) => this.#giveUp(silentMs),
      isBehind: () => peer.readOn(),
    });
  }

  /**
   * Returns what ends the watch for this call; its answer ends it too.
   *
   * @param id left out for a notification
   */
  add(call: Call, id?: number): () => void {
    const watched = this.#calls.get(call) ?? { id, holds: 0 };
    watched.holds += 1;
    if (watched.holds === 1) {
      this.#calls.set(call, watched);
      if (id !== undefined) this.#send({ kind: "asking", id, isAsking: true });
      this.#signs.begin();
    }
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      watched.holds -= 1;
      if (watched.holds > 0 || !this.#calls.has(call)) return;
      if (id !== undefined) this.#send({ kind: "asking", id, isAsking: false });
      this.remove(call);
    };
  }

  /** The call is settled. */
  remove(call: Call): void {
    if (this.#calls.delete(call) && this.#calls.size === 0) this.#signs.end();
  }

  answer(question: number): void {
    this.#signs.answer(question);
  }

  end(): void {
    this.#calls.clear();
    this.#signs.end();
  }

  #giveUp(silentMs: number): void {
    const calls = [...this.#calls.keys()];
    this.end();
    for (const call of calls) call.abort(new CallerSilentError(silentMs));
  }

  #send(frame: ServerFrame): void {
    this.#peer.sendOrDrop(encodeServerFrame(frame, { root: "frame" }));
  }
}

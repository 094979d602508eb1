import { CallerSilentError } from "../errors.ts";
import { encodeServerFrame, type ServerFrame } from "../frames.ts";
import type { Call } from "./call.ts";
import type { Peer } from "./peer.ts";

const ASK_EVERY_MS = 500;
/** So many questions without an answer, and so long without a sign of life, end a call. */
const QUESTIONS = 3;
const SILENT_MS = 1_500;
/** How often the watch looks. */
const STEP_MS = 50;
/** A longer step than this means that this process was late itself: the rest of the step counts for nobody. */
const MAX_STEP_MS = 100;

/**
 * Asks one client for signs of life while calls of its want that. The client's event loop answers; bytes, pings and an
 * open socket come from a stopped process as well. One question serves all calls of the client, and costs it one frame.
 */
export class CallerWatch {
  readonly #peer: Peer;
  /** How often each call is watched: several skills may run for one call. */
  readonly #calls = new Map<Call, { readonly id: number | undefined; holds: number }>();
  #asked = 0;
  #answered = 0;
  #silentMs = 0;
  #sinceAskedMs = 0;
  #lastMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(peer: Peer) {
    this.#peer = peer;
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
      if (this.#timer === undefined) this.#begin();
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
    if (this.#calls.delete(call) && this.#calls.size === 0) this.end();
  }

  /** Counts whenever it comes, but only for what was asked. */
  answer(question: number): void {
    if (question <= this.#answered || question > this.#asked) return;
    this.#answered = question;
    this.#silentMs = 0;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#calls.clear();
  }

  #begin(): void {
    this.#answered = this.#asked;
    this.#silentMs = 0;
    this.#lastMs = performance.now();
    this.#timer = setInterval(() => this.#step(), STEP_MS).unref();
    this.#ask();
  }

  #step(): void {
    const nowMs = performance.now();
    const passedMs = Math.min(nowMs - this.#lastMs, MAX_STEP_MS);
    this.#lastMs = nowMs;
    // The answer may be among what this process has not read yet.
    if (!this.#peer.readOn()) this.#silentMs += passedMs;
    this.#sinceAskedMs += passedMs;
    if (this.#asked - this.#answered >= QUESTIONS && this.#silentMs >= SILENT_MS) this.#giveUp();
    else if (this.#sinceAskedMs >= ASK_EVERY_MS) this.#ask();
  }

  #ask(): void {
    this.#sinceAskedMs = 0;
    this.#asked += 1;
    this.#send({ kind: "ask", question: this.#asked });
  }

  #giveUp(): void {
    const calls = [...this.#calls.keys()];
    const silentMs = Math.round(this.#silentMs);
    this.end();
    for (const call of calls) call.abort(new CallerSilentError(silentMs));
  }

  #send(frame: ServerFrame): void {
    this.#peer.sendOrDrop(encodeServerFrame(frame, { root: "frame" }));
  }
}

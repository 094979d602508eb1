const ASK_EVERY_MS = 500;
/** This many unanswered questions, and this much silence in ms, mean that nobody is there. */
const QUESTIONS = 3;
const SILENT_MS = 1_500;
/** How often the asker looks. */
const STEP_MS = 50;
/** A longer step than this means that the asker was late itself: the rest of the step counts for nobody. */
const MAX_STEP_MS = 100;

export interface Questions {
  /** Puts a question, which the other side answers with the same number. */
  ask(question: number): void;
  /** Three questions were not answered, whenever the answer might have come. The asking has ended. */
  onSilent(silentMs: number): void;
  /** Something of the other side waits to be read here, and may be the answer. */
  isBehind?(): boolean;
}

/**
 * Asks somebody for signs of life, every 500 ms. Only an answer is one: bytes, pings of the transport and an open connection
 * come from a stopped process as well.
 */
export class SignsOfLife {
  readonly #questions: Questions;
  #asked = 0;
  #answered = 0;
  #silentMs = 0;
  #sinceAskedMs = 0;
  #lastMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(questions: Questions) {
    this.#questions = questions;
  }

  get unanswered(): number {
    return this.#asked - this.#answered;
  }

  begin(): void {
    if (this.#timer !== undefined) return;
    this.#answered = this.#asked;
    this.#silentMs = 0;
    this.#lastMs = performance.now();
    this.#timer = setInterval(() => this.#step(), STEP_MS).unref();
    this.#ask();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Counts whenever it comes, but only for what was asked. */
  answer(question: number): void {
    if (question <= this.#answered || question > this.#asked) return;
    this.#answered = question;
    this.#silentMs = 0;
  }

  #step(): void {
    const nowMs = performance.now();
    const passedMs = Math.min(nowMs - this.#lastMs, MAX_STEP_MS);
    this.#lastMs = nowMs;
    if (this.#questions.isBehind?.() !== true) this.#silentMs += passedMs;
    this.#sinceAskedMs += passedMs;
    if (this.unanswered >= QUESTIONS && this.#silentMs >= SILENT_MS) {
      this.end();
      this.#questions.onSilent(Math.round(this.#silentMs));
    } else if (this.#sinceAskedMs >= ASK_EVERY_MS) this.#ask();
  }

  #ask(): void {
    this.#sinceAskedMs = 0;
    this.#asked += 1;
    this.#questions.ask(this.#asked);
  }
}

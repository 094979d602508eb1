/** A port whose messages are left out says so again after this. Milliseconds. */
const QUIET_MS = 10_000;

/** What to log of messages that one input leaves out: the first, then every ten seconds how many there were. */
export class Refusals {
  readonly #who: string;
  #saidMs = Number.NEGATIVE_INFINITY;
  #unsaid = 0;

  /** @param who has the input */
  constructor(who: string) {
    this.#who = who;
  }

  /** @returns the sentence, or undefined when enough was said lately */
  next(topic: string, fault: string, nowMs: number): string | undefined {
    if (nowMs - this.#saidMs < QUIET_MS) {
      this.#unsaid++;
      return undefined;
    }
    const others = this.#unsaid === 0 ? "" : `, as ${this.#unsaid} ${this.#unsaid === 1 ? "other" : "others"} since`;
    this.#saidMs = nowMs;
    this.#unsaid = 0;
    return `${this.#who} leaves out a message on ${topic}${others}: ${fault}`;
  }
}

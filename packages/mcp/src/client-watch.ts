import { CallerSilentError, SignsOfLife } from "@dimos/core";
import { ProtocolError, type ServerContext } from "@modelcontextprotocol/server";

/** An answer to a ping counts for this long. */
const PING_TIMEOUT_MS = 5_000;
/** A client that has never answered is not asked after this many pings: it does not know them. */
const MAX_UNKNOWN = 10;

/** An experimental capability: such a client has to answer pings from the first one on. */
export const ANSWERS_PINGS = "dimos/answersPings";

/** Whether a client answers pings at all. One that has done so once must go on. */
export interface PingHabit {
  hasAnswered: boolean;
}

/**
 * Asks a client for signs of life on the response stream of one call, while the skill that it called holds a capability.
 * The answer to a ping is one, an error included. The protocol of 2026 has no pings, and clients without a session cannot
 * answer: those are watched by their connection only.
 */
export class ClientWatch {
  /** Aborted with a `CallerSilentError`. */
  readonly signal: AbortSignal;
  readonly #context: ServerContext;
  readonly #habit: PingHabit;
  readonly #silent = new AbortController();
  readonly #signs = new SignsOfLife({
    ask: (question) => this.#ask(question),
    onSilent: (silentMs) => this.#silent.abort(new CallerSilentError(silentMs)),
    isBehind: () => this.#habit.hasAnswered === false,
  });
  #holds = 0;

  constructor(context: ServerContext, habit: PingHabit) {
    this.#context = context;
    this.#habit = habit;
    this.signal = this.#silent.signal;
  }

  /** Returns what ends it. */
  begin(): () => void {
    this.#holds += 1;
    if (!this.signal.aborted) this.#signs.begin();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#holds -= 1;
      if (this.#holds === 0) this.end();
    };
  }

  end(): void {
    this.#signs.end();
  }

  #ask(question: number): void {
    if (!this.#habit.hasAnswered && this.#signs.unanswered > MAX_UNKNOWN) {
      this.end();
      return;
    }
    const heard = () => {
      this.#habit.hasAnswered = true;
      this.#signs.answer(question);
    };
    try {
      this.#context.mcpReq
        .send({ method: "ping" }, { timeout: PING_TIMEOUT_MS })
        .then(heard, (error: unknown) => error instanceof ProtocolError && heard());
    } catch {
      // The protocol of this client has no pings.
      this.end();
    }
  }
}

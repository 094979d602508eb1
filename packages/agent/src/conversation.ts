import type { Logger } from "@dimos/core";
import type { AgentEvent, TurnOutcome } from "./agent-event.ts";
import type { Brain } from "./brain.ts";
import { messageOf, TurnInterruptedError } from "./errors.ts";
import { halt } from "./halt.ts";
import type { RunSkills } from "./run-skills.ts";
import { stopsRobot } from "./stop-words.ts";
import { Turn, type TurnEvent } from "./turn.ts";

/** What people say is short; a book by mistake is not worked on. */
const MAX_CHARACTERS = 10_000;

export interface ConversationOptions {
  readonly brain: Brain;
  readonly skills: RunSkills;
  readonly log: Logger;
  /** Aborted when the agent stops. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly publish: (event: AgentEvent) => void;
  readonly setIdle: (isIdle: boolean) => void;
}

/** Takes messages one after the other: a newer one interrupts the turn under way, and nothing that fails ends it. */
export class Conversation {
  readonly #options: ConversationOptions;
  #count = 0;
  #current: AbortController | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** Resolves when the turn has ended; it never rejects. */
  hear(text: string): Promise<void> {
    const number = ++this.#count;
    this.#current?.abort(new TurnInterruptedError("A newer message came."));
    this.#current = new AbortController();
    const signal = AbortSignal.any([this.#current.signal, this.#options.signal]);
    this.#last = this.#last.then(() => this.#take(number, text, signal));
    return this.#last;
  }

  async #take(number: number, text: string, signal: AbortSignal): Promise<void> {
    const { brain, skills, log, nowMs, publish, setIdle } = this.#options;
    let isOver = false;
    const tell = (event: TurnEvent) => {
      if (!isOver) publish({ turn: number, time: nowMs() / 1000, ...event });
    };
    setIdle(false);
    log.info(`Heard: ${text.slice(0, 200)}`, { turn: number });
    tell({ kind: "heard", text: text.slice(0, MAX_CHARACTERS) });
    let outcome: TurnOutcome = "done";
    let reason = "";
    const turn = new Turn({ text, signal, skills, tell });
    try {
      const stop = stopsRobot(text.slice(0, MAX_CHARACTERS));
      // Not even a newer message keeps a robot from being halted: that one waits.
      const halting = new Turn({ text, signal: this.#options.signal, skills, tell });
      if (stop !== undefined) await halt(halting);
      signal.throwIfAborted();
      if (text.length > MAX_CHARACTERS) turn.refuse(`That is too long: at most ${MAX_CHARACTERS} characters, please.`);
      else if (stop !== "only") await orInterrupted(brain.answer(turn), signal);
      outcome = turn.hasFailed || halting.hasFailed ? "failed" : "done";
    } catch (error) {
      if (signal.aborted) {
        outcome = "interrupted";
        reason = messageOf(signal.reason);
      } else {
        outcome = "failed";
        log.error("A turn failed", { turn: number, err: error });
        tell({ kind: "failed", text: messageOf(error) });
      }
    }
    tell({ kind: "done", text: reason, outcome });
    isOver = true;
    log.info(`Turn ${number}: ${outcome}`, { turn: number });
    if (number === this.#count) setIdle(true);
  }
}

/** Whatever a brain waits for, the next message does not wait for it. */
function orInterrupted(answer: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const interrupt = () => reject(signal.reason);
    signal.addEventListener("abort", interrupt, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", interrupt));
  });
}

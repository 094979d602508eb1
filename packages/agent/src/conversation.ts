import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { EstopReport, Logger } from "@dimos/core";
import type { AgentEvent, TurnOutcome } from "./agent-event.ts";
import type { Brain } from "./brain.ts";
import { messageOf, TurnInterruptedError } from "./errors.ts";
import { halt } from "./halt.ts";
import { estopReason, latch } from "./latch.ts";
import { measuredIn } from "./offline/sentences.ts";
import type { RunSkills } from "./run-skills.ts";
import { type StopKind, stopsRobot } from "./stop-words.ts";
import { Turn, type TurnEvent } from "./turn.ts";

/** What people say is short; a book by mistake is not worked on. */
const MAX_CHARACTERS = 10_000;
/** A skill that is aborted ends when its robot stands, and that takes less. */
const LATE_OUTCOME_MS = 1_000;

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

/** The caller who said something, and waits for its outcome. */
export interface Speaker {
  /** Aborted when the speaker is gone: what was said is not gone on with. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: AgentEvent) => void) | undefined;
}

interface Heard {
  readonly number: number;
  readonly text: string;
  readonly signal: AbortSignal;
  readonly stop: StopKind | undefined;
  readonly latching: Promise<EstopReport> | undefined;
  readonly onEvent: Speaker["onEvent"];
}

/** Takes messages one after the other: a newer one interrupts the turn under way, and nothing that fails ends it. */
export class Conversation {
  readonly #options: ConversationOptions;
  #count = 0;
  #current: AbortController | undefined;
  #last: Promise<unknown> = Promise.resolve();
  /** Calls made in it are the agent's own, and end with nobody else's. */
  readonly #onItsOwn = AsyncLocalStorage.snapshot();
  /** Skills that a newer message has aborted, and in which turn. */
  #aborted: { readonly turn: number; readonly outcome: Promise<PromiseSettledResult<unknown>> }[] = [];

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** Resolves when the turn has ended, to how; it never rejects. */
  hear(text: string, speaker: Speaker = {}): Promise<TurnOutcome> {
    const number = ++this.#count;
    this.#current?.abort(new TurnInterruptedError("A newer message came."));
    this.#current = new AbortController();
    const gone = speaker.signal === undefined ? [] : [speaker.signal];
    const signal = AbortSignal.any([this.#current.signal, this.#options.signal, ...gone]);
    const stop = stopsRobot(text.slice(0, MAX_CHARACTERS));
    // It waits for no turn, not even for one that halts the robot.
    const latching = latches(stop) ? this.#options.skills.estop(estopReason(text)) : undefined;
    // Reported in its turn.
    latching?.catch(() => {});
    const taken = this.#last.then(() => this.#take({ number, text, signal, stop, latching, onEvent: speaker.onEvent }));
    this.#last = taken;
    return taken;
  }

  async #take({ number, text, signal, stop, latching, onEvent }: Heard): Promise<TurnOutcome> {
    const { brain, skills, log, nowMs, publish, setIdle } = this.#options;
    let isOver = false;
    const tell = (event: TurnEvent) => {
      if (isOver) return;
      const told = { turn: number, time: nowMs() / 1000, ...event };
      publish(told);
      onEvent?.(told);
    };
    setIdle(false);
    log.info(`Heard: ${text.slice(0, 200)}`, { turn: number });
    tell({ kind: "heard", text: text.slice(0, MAX_CHARACTERS) });
    let outcome: TurnOutcome = "done";
    let reason = "";
    const onAborted = (outcome: Promise<PromiseSettledResult<unknown>>) => {
      this.#aborted = [...this.#aborted.filter((aborted) => aborted.turn === number), { turn: number, outcome }];
    };
    const turn = new Turn({ text, signal, skills, tell, onAborted });
    try {
      // Neither a newer message nor the end of the speaker keeps a robot from being halted.
      const halting = new Turn({ text, signal: this.#options.signal, skills, tell });
      const howFar = () => this.#howFar(number - 1);
      if (latching !== undefined) await this.#onItsOwn(latch, halting, latching, howFar);
      else if (stop !== undefined) await this.#onItsOwn(halt, halting, howFar);
      signal.throwIfAborted();
      if (text.length > MAX_CHARACTERS) turn.refuse(`That is too long: at most ${MAX_CHARACTERS} characters, please.`);
      else if (stop === "emergency-first") turn.refuse("I have not done the rest of that.");
      else if (stop === undefined || stop === "first") await orInterrupted(brain.answer(turn), signal);
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
    return outcome;
  }

  /** What the robot had done when that turn was interrupted. */
  async #howFar(turn: number): Promise<string> {
    const aborted = this.#aborted.filter((one) => one.turn === turn);
    const outcomes = await Promise.all(aborted.map(({ outcome }) => inTime(outcome)));
    return outcomes
      .map((outcome) => (outcome?.status === "fulfilled" ? measuredIn(Object(outcome.value)) : ""))
      .filter((text) => text !== "")
      .join(" ");
  }
}

function latches(stop: StopKind | undefined): boolean {
  return stop === "emergency" || stop === "emergency-first";
}

/** Undefined when it is not known in time. */
async function inTime<T>(outcome: Promise<T>): Promise<T | undefined> {
  const waiting = new AbortController();
  try {
    return await Promise.race([outcome, sleep(LATE_OUTCOME_MS, undefined, { signal: waiting.signal })]);
  } finally {
    waiting.abort();
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

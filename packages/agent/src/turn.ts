import { type EstopReport, isDone, type SkillTool } from "@dimos/core";
import type { AgentEvent } from "./agent-event.ts";
import { messageOf } from "./errors.ts";
import { estopReason } from "./latch.ts";
import { qualifiedName, type RunSkills } from "./run-skills.ts";
import { plainResult, resultText } from "./skill-result.ts";

/** Progress of skills comes ten times a second; who reads along needs less. */
const PROGRESS_PERIOD_MS = 500;
/** A result in an event is read by people. */
const SHOWN_CHARACTERS = 500;

/** What became of a skill call; its value is as the skill returned it, pictures included. */
export type SkillOutcome =
  | { readonly ok: true; readonly isDone: boolean; readonly value: unknown }
  | { readonly ok: false; readonly error: string; readonly code?: unknown };

/** What a turn tells; the conversation adds number and time. */
export type TurnEvent = Omit<AgentEvent, "turn" | "time">;

export interface TurnOptions {
  /** What was heard. */
  readonly text: string;
  /** Aborted by a newer message, and when the agent stops. */
  readonly signal: AbortSignal;
  readonly skills: RunSkills;
  readonly tell: (event: TurnEvent) => void;
  /** Hears of each skill that an interruption aborts: how that ends after all. */
  readonly onAborted?: (outcome: Promise<PromiseSettledResult<unknown>>) => void;
}

/** One message and everything that is said and done about it. */
export class Turn {
  readonly text: string;
  readonly signal: AbortSignal;
  readonly #skills: RunSkills;
  readonly #tell: (event: TurnEvent) => void;
  readonly #onAborted: (outcome: Promise<PromiseSettledResult<unknown>>) => void;
  #hasFailed = false;

  constructor({ text, signal, skills, tell, onAborted = () => {} }: TurnOptions) {
    this.text = text;
    this.signal = signal;
    this.#skills = skills;
    this.#tell = tell;
    this.#onAborted = onAborted;
  }

  /** Whether something was not done that was asked for. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  skills(): Promise<readonly SkillTool[]> {
    return this.#skills.list();
  }

  say(text: string): void {
    if (text !== "") this.#tell({ kind: "said", text });
  }

  /** Says why what was asked for is not done. */
  refuse(text: string): void {
    this.#hasFailed = true;
    this.say(text);
  }

  /** Something went wrong that does not end the turn, like a call that makes no sense. */
  complain(text: string): void {
    this.#tell({ kind: "failed", text });
  }

  /** Calls a skill. Rejects only when the turn is interrupted: then the skill is aborted, and the robot halts. */
  async call(tool: SkillTool, input: unknown, options: { readonly timeoutMs?: number } = {}): Promise<SkillOutcome> {
    this.signal.throwIfAborted();
    const skill = qualifiedName(tool);
    this.#tell({ kind: "called", text: `${tool.tool}(${resultText(input, SHOWN_CHARACTERS)})`, skill, input });
    const late = Promise.withResolvers<PromiseSettledResult<unknown>>();
    try {
      const hears = { onProgress: this.#progress(skill), onLateOutcome: late.resolve };
      const value = await this.#skills.call(tool, input, { ...options, signal: this.signal, ...hears });
      this.signal.throwIfAborted();
      const text = resultText(value ?? "done", SHOWN_CHARACTERS);
      this.#tell({ kind: "returned", text, skill, result: plainResult(value) });
      return { ok: true, isDone: isDone(value), value };
    } catch (error) {
      if (this.signal.aborted) this.#onAborted(late.promise);
      this.signal.throwIfAborted();
      this.#tell({ kind: "failed", text: messageOf(error), skill });
      return { ok: false, error: messageOf(error), code: (error as { readonly code?: unknown } | null)?.code };
    }
  }

  /** Latches the emergency stop of the run. No interruption takes that back. */
  estop(): Promise<EstopReport> {
    return this.#skills.estop(estopReason(this.text));
  }

  #progress(skill: string): (value: unknown) => void {
    let nextMs = Number.NEGATIVE_INFINITY;
    return (value) => {
      const nowMs = performance.now();
      if (nowMs < nextMs || this.signal.aborted) return;
      nextMs = nowMs + PROGRESS_PERIOD_MS;
      this.#tell({ kind: "progress", text: resultText(value, SHOWN_CHARACTERS), skill });
    };
  }
}

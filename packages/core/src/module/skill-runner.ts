import { CallerSilentError, CallTimeoutError, MAX_TIMER_MS } from "@dimos/rpc";
import { EstopError, HoldError, SkillNotOfferedError } from "../errors.ts";
import type { StandardSchema } from "../schema.ts";
import { Background, type BackgroundBody, BackgroundWorks } from "./background-work.ts";
import type { BackgroundContext, HostedCall, SkillDeclaration } from "./methods.ts";
import { answerAfterEnd, errorAfterEnd, type MotionEnd } from "./skill-answer.ts";
import type { Permit, SkillHost } from "./skill-host.ts";
import { SkillInput } from "./skill-input.ts";

type SkillBody = (input: unknown, context: BackgroundContext) => unknown;

/** Runs one skill of one module instance: checks its input, takes what it uses, and gives that back when its work has ended. */
export class SkillRunner {
  readonly works = new BackgroundWorks();
  readonly input: SkillInput;
  readonly #declaration: SkillDeclaration;
  readonly #body: SkillBody;
  #name = "";
  #host: SkillHost | undefined;

  constructor(declaration: SkillDeclaration, schema: StandardSchema | undefined, body: SkillBody) {
    this.#declaration = declaration;
    this.input = new SkillInput(schema);
    this.#body = body;
  }

  /** From here on it runs by the rules of its host. */
  join(host: SkillHost, name: string): void {
    this.#host = host;
    this.#name = name;
  }

  async call(given: unknown, call: HostedCall): Promise<unknown> {
    const { timeoutMs } = call;
    if (timeoutMs === undefined || timeoutMs > MAX_TIMER_MS) return this.#call(given, call);
    // A call within the module: nobody else keeps its deadline.
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new CallTimeoutError(this.#skillName, timeoutMs)),
      Math.max(1, timeoutMs),
    );
    const expired = new Promise<never>((_, reject) =>
      late.signal.addEventListener("abort", () => reject(late.signal.reason)),
    );
    try {
      return await Promise.race([
        this.#call(given, { ...call, signal: anySignal([call.signal, late.signal]) }),
        expired,
      ]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #call(given: unknown, call: HostedCall): Promise<unknown> {
    this.#refuseWhenNotOffered();
    const input = await this.input.parse(given);
    const permit = await this.#permit(call);
    if (permit === undefined) return this.#run(input, call, undefined);
    return permit.run(() => this.#run(input, call, permit));
  }

  /** Also calls of its own module: a skill that works for some only would be a riddle for all others. */
  #refuseWhenNotOffered(): void {
    const { problem } = this.input.offered;
    if (problem !== undefined) throw new SkillNotOfferedError(this.#skillName, problem);
  }

  async #permit(call: HostedCall): Promise<Permit | undefined> {
    if (this.#declaration.uses.length === 0) return undefined;
    return this.#host?.permit?.({
      skill: this.#skillName,
      declaration: this.#declaration,
      signal: anySignal([call.signal, this.#host?.signal]),
      timeoutMs: call.timeoutMs ?? call.patienceMs,
    });
  }

  async #run(input: unknown, call: HostedCall, permit: Permit | undefined): Promise<unknown> {
    const module = this.#host?.signal;
    let accepted: Background<unknown> | undefined;
    let signal: AbortSignal | undefined;
    let isWorking = false;
    const context: BackgroundContext = {
      // Few skills look at it, and making one is dear next to a small skill.
      get signal() {
        signal ??= anySignal([call.signal, module, permit?.signal]);
        return signal;
      },
      progress: (value) => call.onProgress?.(value),
      accept: (answer, work) => {
        accepted = new Background(answer, work);
        return accepted as never;
      },
    };
    try {
      const result = await this.#body(input, context);
      if (accepted === undefined) {
        const end = endOf(permit) ?? silenceOf(signal);
        return end === undefined ? result : answerAfterEnd(result, end);
      }
      if (result !== accepted) {
        throw new TypeError(
          `${this.#skillName} called accept(...) and did not return what it gave: the work was not begun`,
        );
      }
      // Whoever asked has gone, or the robot was stopped, before it began.
      context.signal.throwIfAborted();
      isWorking = true;
      this.#begin(accepted.work, permit);
      return accepted.answer;
    } catch (error) {
      const end = endOf(permit);
      throw end === undefined ? error : errorAfterEnd(error, end);
    } finally {
      if (!isWorking) permit?.release();
    }
  }

  #begin(work: BackgroundBody, permit: Permit | undefined): void {
    const signals = [this.#host?.signal, permit?.signal].filter((signal) => signal !== undefined);
    const report = (error: unknown) =>
      this.#host?.log.error(`${this.#skillName} failed in the background`, { err: error });
    void this.works.begin(work, signals, report).finally(() => permit?.release());
  }

  get #skillName(): string {
    return `${this.#host?.instance ?? "A module"}.${this.#name}`;
  }
}

/** The emergency stop or hold that has ended a run, if one has. */
function endOf(permit: Permit | undefined): MotionEnd | undefined {
  const reason: unknown = permit?.signal.aborted === true ? permit.signal.reason : undefined;
  return reason instanceof EstopError || reason instanceof HoldError ? reason : undefined;
}

/** The caller was given up because it was silent. */
function silenceOf(signal: AbortSignal | undefined): CallerSilentError | undefined {
  const reason: unknown = signal?.aborted === true ? signal.reason : undefined;
  return reason instanceof CallerSilentError ? reason : undefined;
}

function anySignal(signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const [first, ...others] = signals.filter((signal) => signal !== undefined);
  if (first === undefined) return new AbortController().signal;
  return others.length === 0 ? first : AbortSignal.any([first, ...others]);
}

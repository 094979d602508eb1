import type { SkillTool } from "@dimos/core";
import type { generateText, jsonSchema, LanguageModel, ModelMessage, ToolContent, ToolSet } from "ai";
import type { Brain } from "../brain.ts";
import { AgentError, messageOf } from "../errors.ts";
import { latch } from "../latch.ts";
import { picturesIn } from "../skill-result.ts";
import type { SkillOutcome, Turn } from "../turn.ts";
import { ESTOP_DESCRIPTION, ESTOP_INPUT, ESTOP_TOOL } from "./estop-tool.ts";
import { History, type HistoryLimits } from "./history.ts";
import { pictureMessage, resultPart } from "./skill-answer.ts";

/** A model that wants more at once is told to ask again. */
const MAX_CALLS_AT_ONCE = 16;

export interface ModelBrainOptions {
  /** The package `ai`. */
  readonly ai: { readonly generateText: typeof generateText; readonly jsonSchema: typeof jsonSchema };
  readonly model: LanguageModel;
  /** `openai:gpt-5`. */
  readonly name: string;
  readonly seesPictures: boolean;
  readonly instructions: string;
  readonly maxSteps: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly history: HistoryLimits;
  /** Takes out of a text what must not be shown. */
  readonly mask: (text: string) => string;
}

type Answer = Awaited<ReturnType<typeof generateText<ToolSet>>>;
type Call = Answer["toolCalls"][number];

/** Asks a language model what to do, does it, and tells it what came of that, until it has nothing more to do. */
export class ModelBrain implements Brain {
  readonly label: string;
  readonly #options: ModelBrainOptions;
  readonly #history: History;

  constructor(options: ModelBrainOptions) {
    this.label = `agent with the language model ${options.name}`;
    this.#options = options;
    this.#history = new History(options.history);
  }

  async answer(turn: Turn): Promise<void> {
    const { maxSteps } = this.#options;
    const memory = this.#history.begin(turn.text);
    for (let step = 0; step < maxSteps; step++) {
      const tools = await turn.skills();
      const answer = await this.#ask(turn, tools);
      turn.say(answer.text.trim());
      const { toolCalls } = answer;
      if (toolCalls.length === 0) {
        if (answer.text.trim() === "") turn.refuse(`The model had nothing to say (${answer.finishReason}).`);
        memory.push({ role: "assistant", content: answer.text || "(nothing)" });
        return;
      }
      // Only what was said and called: an answer of the package to a malformed call is replaced by our own.
      memory.push(...answer.responseMessages.filter(({ role }) => role === "assistant"));
      await this.#do(toolCalls, tools, turn, memory);
    }
    turn.refuse(`I stopped after ${maxSteps} steps (maxSteps). Tell me to go on if I should.`);
  }

  async #ask(turn: Turn, tools: readonly SkillTool[]): Promise<Answer> {
    const { ai, model, name, instructions, timeoutMs, retries, mask } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await ai.generateText({
        model,
        instructions,
        messages: this.#history.messages(),
        tools: this.#toolSet(tools),
        maxRetries: retries,
        abortSignal: AbortSignal.any([turn.signal, timeout]),
      });
      turn.signal.throwIfAborted();
      return answer;
    } catch (error) {
      turn.signal.throwIfAborted();
      if (timeout.aborted)
        throw new AgentError("MODEL_TIMEOUT", `The model ${name} did not answer within ${timeoutMs / 1000} s.`);
      // Not as its cause: errors of the API carry the request.
      throw new AgentError("MODEL_FAILED", `The model ${name} failed: ${mask(messageOf(error))}`);
    }
  }

  /** One call after the other: a robot does one thing at a time. */
  async #do(calls: readonly Call[], tools: readonly SkillTool[], turn: Turn, memory: ModelMessage[]): Promise<void> {
    const content: ToolContent = [];
    memory.push({ role: "tool", content });
    const pictures = [];
    for (const [index, call] of calls.entries()) {
      const tooMany = { ok: false, error: `Not done: at most ${MAX_CALLS_AT_ONCE} calls at once.` } as const;
      const outcome = index < MAX_CALLS_AT_ONCE ? await this.#call(call, tools, turn) : tooMany;
      content.push(resultPart(call, outcome));
      if (!outcome.ok || !this.#options.seesPictures) continue;
      pictures.push(...picturesIn(outcome.value).map((picture) => ({ ...picture, from: call.toolName })));
    }
    if (pictures.length > 0) memory.push(pictureMessage(pictures));
  }

  async #call(call: Call, tools: readonly SkillTool[], turn: Turn): Promise<SkillOutcome> {
    const tool = tools.find((one) => one.tool === call.toolName);
    if (tool === undefined && call.toolName === ESTOP_TOOL) return await latch(turn);
    if (tool !== undefined && call.invalid !== true) return await turn.call(tool, call.input);
    const error =
      tool === undefined
        ? `There is no tool "${call.toolName}".`
        : `The call of ${call.toolName} was malformed: ${messageOf(call.error)}`;
    turn.complain(error);
    return { ok: false, error };
  }

  #toolSet(tools: readonly SkillTool[]): ToolSet {
    const { jsonSchema } = this.#options.ai;
    const estop = [ESTOP_TOOL, { description: ESTOP_DESCRIPTION, inputSchema: jsonSchema(ESTOP_INPUT) }] as const;
    return Object.fromEntries([
      estop,
      ...tools.map(({ tool, skill, instance }) => {
        const description = tool === skill.name ? skill.description : `${skill.description} (of ${instance})`;
        return [tool, { description, inputSchema: jsonSchema(skill.input) }] as const;
      }),
    ]);
  }
}

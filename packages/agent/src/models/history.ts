import type { AssistantModelMessage, ModelMessage, ToolCallPart, ToolContent, ToolModelMessage } from "ai";

export interface HistoryLimits {
  readonly messages: number;
  readonly characters: number;
}

/** Everything of one turn that the model is reminded of; grows while the turn goes on. */
export type TurnMessages = ModelMessage[];

/** What was said and done before: whole turns, the oldest forgotten first. */
export class History {
  readonly #limits: HistoryLimits;
  #turns: TurnMessages[] = [];

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  /** Begins a turn with what was heard; what comes after is added to the array that this returns. */
  begin(text: string): TurnMessages {
    const turn: TurnMessages = [{ role: "user", content: text }];
    this.#turns = [...bounded(this.#turns.map(ended), this.#limits), turn];
    return turn;
  }

  /** For the model: what was before, then the turn under way. */
  messages(): ModelMessage[] {
    return this.#turns.flat();
  }
}

/** The newest turns that keep within the limits. One that is too long by itself is told by its beginning and its end. */
function bounded(turns: readonly TurnMessages[], limits: HistoryLimits): TurnMessages[] {
  const kept: TurnMessages[] = [];
  let messages = 0;
  let characters = 0;
  for (const turn of turns.toReversed()) {
    const fits = (candidate: TurnMessages) =>
      messages + candidate.length <= limits.messages && characters + lengthOf(candidate) <= limits.characters;
    const shortened = [turn[0] as ModelMessage, turn.at(-1) as ModelMessage];
    const fitting = [turn, shortened].find(fits);
    if (fitting === undefined) break;
    kept.unshift(fitting);
    messages += fitting.length;
    characters += lengthOf(fitting);
  }
  return kept;
}

function lengthOf(messages: TurnMessages): number {
  return JSON.stringify(messages).length;
}

/** A turn as it is remembered: every call has an answer, the model has the last word, and pictures are gone. */
function ended(turn: TurnMessages): TurnMessages {
  const messages = turn.flatMap((message, index): ModelMessage[] => {
    if (message.role === "user") return [withoutPictures(message)];
    if (message.role === "assistant" && turn[index + 1]?.role !== "tool") return [message, ...answersTo(message, [])];
    if (message.role === "tool") return answersTo(turn[index - 1] as ModelMessage, message.content);
    return [message];
  });
  const last: AssistantModelMessage = { role: "assistant", content: "(This was interrupted here.)" };
  const isComplete = messages.at(-1)?.role === "assistant";
  return isComplete ? messages : [...messages, last];
}

/** The answers to the calls in a message, where some may be missing; nothing when it calls nothing. */
function answersTo({ role, content }: ModelMessage, answers: ToolContent): ToolModelMessage[] {
  const calls =
    role !== "assistant" || typeof content === "string" ? [] : content.filter(({ type }) => type === "tool-call");
  const answered = answers.flatMap((part) => ("toolCallId" in part ? [part.toolCallId] : []));
  const missing = (calls as ToolCallPart[]).filter(({ toolCallId }) => !answered.includes(toolCallId));
  if (calls.length === 0) return [];
  return [{ role: "tool", content: [...answers, ...missing.map(interrupted)] }];
}

function interrupted({ toolCallId, toolName }: ToolCallPart): ToolContent[number] {
  const output = { type: "error-text", value: "This was interrupted before it was done." } as const;
  return { type: "tool-result", toolCallId, toolName, output };
}

function withoutPictures(message: Extract<ModelMessage, { role: "user" }>): ModelMessage {
  if (typeof message.content === "string") return message;
  const content = message.content.map((part) =>
    part.type === "text" ? part : ({ type: "text", text: "(a picture that is not kept)" } as const),
  );
  return { role: "user", content };
}

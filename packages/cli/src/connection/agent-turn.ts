/** What an Agent publishes (`dimos_agent/AgentEvent`), as far as a reader needs it. */
export interface AgentEvent {
  readonly turn: number;
  readonly kind: string;
  readonly text: string;
  readonly skill?: string;
  readonly outcome?: "done" | "failed" | "interrupted";
}

export const AGENT_EVENT = "dimos_agent/AgentEvent";

/** The turn of one message among everything that an agent tells: its number is in the answer to that message. */
export class AgentTurn {
  readonly #text: string;
  #turn: number | undefined;

  /** @param text what was said; somebody else may say the same, and is told the same */
  constructor(text: string) {
    this.#text = text;
  }

  get isHeard(): boolean {
    return this.#turn !== undefined;
  }

  /** Whether an event belongs to the turn. */
  takes({ turn, kind, text }: AgentEvent): boolean {
    // Of a long message an agent repeats the beginning.
    if (this.#turn === undefined && kind === "heard" && text !== "" && this.#text.startsWith(text)) this.#turn = turn;
    return turn === this.#turn;
  }
}

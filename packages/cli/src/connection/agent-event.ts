/** What an Agent publishes (`dimos_agent/AgentEvent`), as far as a reader needs it. */
export interface AgentEvent {
  readonly kind: string;
  readonly text: string;
  readonly skill?: string;
  readonly outcome?: "done" | "failed" | "interrupted";
}

export const AGENT_EVENT = "dimos_agent/AgentEvent";

/** The method of an Agent that works on a message, and reports these events as progress. */
export const HEAR = "hear";

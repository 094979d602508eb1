import type { Turn } from "./turn.ts";

/** What decides what to say and do: a parser or a language model. */
export interface Brain {
  /** What it is, for the log. */
  readonly label: string;
  /** Works on one message until there is nothing left to do. Rejects when the turn is interrupted, or when it broke. */
  answer(turn: Turn): Promise<void>;
}

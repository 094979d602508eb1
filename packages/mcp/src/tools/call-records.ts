import type { CallToolResult } from "@modelcontextprotocol/server";

/** So many calls are remembered. */
const KEPT = 20;
const OUTCOME_CHARACTERS = 2_000;

/** One call of a tool, as `server_status` shows it. */
export interface CallRecord {
  readonly id: number;
  readonly tool: string;
  readonly state: "running" | "succeeded" | "failed" | "cancelled";
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number;
  /** What came of it; of a cancelled call what the skill said when it had ended, which no answer can carry any more. */
  readonly outcome?: unknown;
}

interface Entry {
  readonly id: number;
  readonly tool: string;
  readonly startedAt: string;
  readonly startedMs: number;
  state: CallRecord["state"];
  endedMs?: number;
  outcome?: unknown;
}

/** The last calls of one server, whoever made them. */
export class CallRecords {
  readonly #entries: Entry[] = [];
  #lastId = 0;

  /** Returns what notes how the call goes on. */
  begin(tool: string): (state: CallRecord["state"], result?: CallToolResult) => void {
    const startedAt = new Date().toISOString();
    const entry: Entry = { id: ++this.#lastId, tool, startedAt, startedMs: performance.now(), state: "running" };
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#forgetOne();
    return (state, result) => {
      entry.state = state;
      entry.endedMs = performance.now();
      if (result !== undefined) entry.outcome = outcomeOf(result);
    };
  }

  /** The oldest call of the tool that was called most: who asks for the status again and again still finds a move there. */
  #forgetOne(): void {
    const counts = Map.groupBy(this.#entries, ({ tool }) => tool);
    const [most] = [...counts.values()].sort((a, b) => b.length - a.length);
    this.#entries.splice(this.#entries.indexOf(most?.[0] as Entry), 1);
  }

  /** The newest first. */
  list(): readonly CallRecord[] {
    return this.#entries.toReversed().map(({ startedMs, endedMs = performance.now(), ...entry }) => ({
      ...entry,
      seconds: Math.round(endedMs - startedMs) / 1000,
    }));
  }
}

function outcomeOf({ content, structuredContent }: CallToolResult): unknown {
  const text = content.map((block) => (block.type === "text" ? block.text : `[${block.type}]`)).join(" ");
  if (text.length <= OUTCOME_CHARACTERS) return structuredContent ?? text;
  return `${text.slice(0, OUTCOME_CHARACTERS)}…`;
}

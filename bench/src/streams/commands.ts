import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Payload } from "./payload.ts";

/** What the bench asks of a process at one end of a link; one question at a time. */
export type Command =
  | { readonly do: "flood"; readonly payload: Payload; readonly durationMs: number }
  | { readonly do: "pace"; readonly payload: Payload; readonly count: number; readonly intervalMs: number }
  | { readonly do: "subscribers"; readonly count: number }
  | { readonly do: "begin" }
  | { readonly do: "finish"; readonly count: number };

/** The answer, or an error if the process ends instead. */
export async function ask<T>(child: ChildProcess, command?: Command): Promise<T> {
  const ended = new AbortController();
  const answer = once(child, "message", { signal: ended.signal });
  const end = once(child, "exit", { signal: ended.signal });
  try {
    if (command !== undefined) child.send(command);
    const [what, value] = await Promise.race([
      answer.then(([message]) => ["answer", message] as const),
      end.then(([code]) => ["end", code] as const),
    ]);
    if (what === "end") throw new Error(`its process ended with ${value}`);
    return value as T;
  } finally {
    ended.abort();
    await Promise.allSettled([answer, end]);
  }
}

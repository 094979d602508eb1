import { autoconnect, type Blueprint, ModuleCoordinator, StreamReader } from "@dimos/core";
import { Agent, type AgentEvent } from "../src/index.ts";
import { Robot } from "./robot.ts";

type AgentSettings = NonNullable<Parameters<typeof Agent.blueprint>[0]>;

const SILENT = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };

export interface Chat extends AsyncDisposable {
  readonly run: ModuleCoordinator;
  /** Everything that the agent has published. */
  readonly events: readonly AgentEvent[];
  readonly idle: readonly boolean[];
  /** Says something, and does not wait. */
  write(text: string): Promise<void>;
  /** Says something; resolves, when that turn is done, to its events. */
  say(text: string): Promise<readonly AgentEvent[]>;
  /** Resolves when an event comes that fits. */
  next(fits: (event: AgentEvent) => boolean): Promise<AgentEvent>;
}

/** A run with an agent, in this process, and somebody who talks with it from outside. */
export async function chat(settings: AgentSettings = {}, others: Blueprint = Robot.blueprint()): Promise<Chat> {
  const run = await ModuleCoordinator.build(autoconnect(Agent.blueprint(settings), others), {
    globals: { nWorkers: 0, consoleLevel: "silent" },
  });
  const reader = new StreamReader({
    streamSource: (stream) => run.streamSource(stream),
    onChange: (callback) => run.on("modulesChanged", callback),
    log: SILENT,
  });
  const events: AgentEvent[] = [];
  const idle: boolean[] = [];
  const waiting = new Set<() => void>();
  await reader.subscribe("agent", (event) => {
    events.push(event as AgentEvent);
    for (const look of waiting) look();
  });
  await reader.subscribe("agentIdle", (message) => void idle.push((message as { readonly data: boolean }).data));
  const next = (fits: (event: AgentEvent) => boolean) =>
    new Promise<AgentEvent>((resolve) => {
      const look = () => {
        const found = events.find(fits);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const write = async (text: string) => void (await run.publish("humanInput", { data: text }));
  return {
    run,
    events,
    idle,
    write,
    next,
    say: async (text) => {
      const before = events.length;
      const turnOf = (event: AgentEvent) =>
        events.indexOf(event) >= before && event.kind === "heard" && text.startsWith(event.text);
      await write(text);
      const { turn } = await next(turnOf);
      await next((event) => event.turn === turn && event.kind === "done");
      return events.filter((event) => event.turn === turn);
    },
    [Symbol.asyncDispose]: async () => {
      await reader[Symbol.asyncDispose]();
      await run[Symbol.asyncDispose]();
    },
  };
}

/** What the agent said in these events. */
export function said(events: readonly AgentEvent[]): string {
  return events
    .filter(({ kind }) => kind === "said")
    .map(({ text }) => text)
    .join(" ");
}

export function outcomeOf(events: readonly AgentEvent[]): string | undefined {
  return events.find(({ kind }) => kind === "done")?.outcome;
}

import { setTimeout as sleep } from "node:timers/promises";
import { parseDuration } from "../arguments/durations.ts";
import { AGENT_EVENT, type AgentEvent, AgentTurn } from "../connection/agent-turn.ts";
import { type App, connectTo, type RunOption } from "../connection/connect.ts";
import { CliError, UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print, say } from "../output/print.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { toJson } from "../output/show-value.ts";

export interface AgentSendOptions extends RunOption {
  readonly agent?: string;
  readonly wait?: boolean;
  readonly timeout?: string;
  readonly json?: boolean;
}

/** An agent that does not say within this time that it has heard something is not there, or hangs. */
const HEARD_TIMEOUT_MS = 10_000;
/** So long the command stays to see the robot stopped, after Ctrl-C. */
const STOP_TIMEOUT_MS = 5_000;

/** `dimos agent-send TEXT [RUN]`: says something to the run's Agent, and prints what that says and does about it. */
export async function agentSend(text: string, options: AgentSendOptions, signal: AbortSignal): Promise<ExitCode> {
  if (text.trim() === "") throw new UsageError('Say something: dimos agent-send "walk forward 2 meters"');
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout, "--timeout");
  await using app = await connectTo(options);
  const agent = findAgent(app, options.agent);
  if (options.wait === false) {
    await app.publish(`${agent}.humanInput`, { data: text }, { signal });
    say(`Said to ${agent}`);
    return EXIT.ok;
  }
  return await converse({ app, agent, text, timeoutMs, json: options.json === true }, signal);
}

interface Conversation {
  readonly app: App;
  readonly agent: string;
  readonly text: string;
  readonly timeoutMs: number | undefined;
  readonly json: boolean;
}

async function converse({ app, agent, text, timeoutMs, json }: Conversation, signal: AbortSignal): Promise<ExitCode> {
  const { promise, resolve } = Promise.withResolvers<ExitCode>();
  const stopped = Promise.withResolvers<void>();
  const turn = new AgentTurn(text);
  let stop: AgentTurn | undefined;
  const show = json ? (event: AgentEvent) => print(toJson(event)) : showTo(new ProgressLine(process.stderr));
  const unsubscribe = await app.subscribe(`${agent}.agent`, async (message) => {
    const event = message as AgentEvent;
    if (turn.takes(event) || stop?.takes(event) === true) await show(event);
    if (event.kind !== "done") return;
    if (turn.takes(event)) resolve(event.outcome === "done" ? EXIT.ok : EXIT.failed);
    if (stop?.takes(event) === true) stopped.resolve();
  });
  const gone = (reason: string) => {
    say(`Error: ${reason}`);
    resolve(EXIT.failed);
    stopped.resolve();
  };
  const unwatch = [
    app.on("stopped", () => gone("the run has ended")),
    app.on("moduleCrashed", ({ instance, reason }) => instance === agent && gone(`${agent} crashed: ${reason}`)),
    app.on("moduleRestarted", ({ instance }) => instance === agent && gone(`${agent} was restarted`)),
    app.on("modulesChanged", () => isThere(app, agent) || gone(`${agent} does not run any more`)),
  ];
  const interrupt = () => resolve(EXIT.interrupted);
  signal.addEventListener("abort", interrupt, { once: true });
  const unheard = setTimeout(() => {
    if (!turn.isHeard) gone(`${agent} has not heard that: it is busy, or hangs. "dimos status" shows more`);
  }, HEARD_TIMEOUT_MS);
  const late = timeoutMs === undefined ? undefined : setTimeout(() => resolve(EXIT.timeout), timeoutMs);
  try {
    if (!signal.aborted) await app.publish(`${agent}.humanInput`, { data: text });
    const code = signal.aborted ? EXIT.interrupted : await promise;
    if (code !== EXIT.interrupted && code !== EXIT.timeout) return code;
    say(code === EXIT.timeout ? `Not done within ${(timeoutMs as number) / 1000} s: stopping` : "Stopping");
    stop = new AgentTurn("stop");
    await app.publish(`${agent}.humanInput`, { data: "stop" });
    await Promise.race([stopped.promise, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    return code;
  } finally {
    clearTimeout(unheard);
    clearTimeout(late);
    signal.removeEventListener("abort", interrupt);
    unsubscribe();
    for (const off of unwatch) off();
  }
}

/** What is said is data; what is done is talk. */
function showTo(progress: ProgressLine): (event: AgentEvent) => Promise<void> {
  return async ({ kind, text, skill, outcome }) => {
    if (kind === "progress") {
      progress.show(text);
      return;
    }
    progress.clear();
    if (kind === "said") await print(`${text}\n`);
    else if (kind === "called") say(`→ ${text}`);
    else if (kind === "returned") say(`← ${text}`);
    else if (kind === "failed") say(skill === undefined ? `Error: ${text}` : `← failed: ${text}`);
    else if (kind === "done" && outcome === "interrupted") say(`Interrupted. ${text}`);
  };
}

/** The instance that hears and tells as an Agent does, whatever its class. */
function findAgent(app: App, wanted: string | undefined): string {
  const agents = app
    .listModules()
    .filter(({ description }) =>
      description.ports.some(({ direction, messageName }) => direction === "out" && messageName === AGENT_EVENT),
    )
    .map(({ instance }) => instance);
  const found = wanted === undefined ? agents : agents.filter((instance) => instance === wanted);
  const [agent] = found;
  if (agent === undefined && agents.length === 0)
    throw new CliError("NO_AGENT", "No Agent runs here. Start one beside what you run: dimos run <blueprint> agent");
  if (agent !== undefined && found.length === 1) return agent;
  const choices = agents.map((instance) => `--agent ${instance}`).join(", ");
  throw new UsageError(
    agent === undefined
      ? `There is no Agent "${wanted}". Use one of: ${choices}`
      : `Several Agents run. Use one of: ${choices}`,
  );
}

function isThere(app: App, agent: string): boolean {
  return app.listModules().some(({ instance }) => instance === agent);
}

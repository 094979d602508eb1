import { parseDuration } from "../arguments/durations.ts";
import { AGENT_EVENT, type AgentEvent, HEAR } from "../connection/agent-event.ts";
import { type App, connectTo, type RunOption } from "../connection/connect.ts";
import { CallFailedError, CliError, UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print, say } from "../output/print.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { toJson } from "../output/show-value.ts";
import { shown, shownLines } from "../output/shown.ts";

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
  const show = json ? (event: AgentEvent) => print(toJson(event)) : showTo(new ProgressLine());
  let shown = Promise.resolve();
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<ExitCode>();
  const unheard = setTimeout(
    () =>
      fail(new CliError("CALL_FAILED", `${agent} has not heard that: it is busy, or hangs. "dimos status" shows more`)),
    HEARD_TIMEOUT_MS,
  );
  const onProgress = (event: unknown) => {
    clearTimeout(unheard);
    shown = shown.then(() => show(event as AgentEvent));
    shown.catch(fail);
  };
  // The agent works on it for as long as this call lives: it stops the robot when this process is killed or stopped.
  const hear = (said: string, options: { readonly timeoutMs?: number }) =>
    app.call(`${agent}.${HEAR}`, [said], { ...options, onProgress });
  const interrupt = () => end(EXIT.interrupted);
  signal.addEventListener("abort", interrupt, { once: true });
  const late = timeoutMs === undefined ? undefined : setTimeout(() => end(EXIT.timeout), timeoutMs);
  try {
    if (signal.aborted) return EXIT.interrupted;
    hear(text, {}).then(
      (outcome) => end(outcome === "done" ? EXIT.ok : EXIT.failed),
      (error: unknown) => fail(new CallFailedError(error)),
    );
    const code = await ended;
    if (code !== EXIT.interrupted && code !== EXIT.timeout) return code;
    say(code === EXIT.timeout ? `Not done within ${(timeoutMs as number) / 1000} s: stopping` : "Stopping");
    // A newer message interrupts the one under way, and this one says how far the robot came.
    await hear("stop", { timeoutMs: STOP_TIMEOUT_MS }).catch((error: Error) => say(`Error: ${error.message}`));
    return code;
  } finally {
    clearTimeout(unheard);
    clearTimeout(late);
    signal.removeEventListener("abort", interrupt);
    await shown;
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
    if (kind === "said") await print(shown`${shownLines(text)}\n`);
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
    .filter(
      ({ description: { ports, rpcs } }) =>
        ports.some(({ direction, messageName }) => direction === "out" && messageName === AGENT_EVENT) &&
        rpcs.some(({ name }) => name === HEAR),
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

import { setTimeout as sleep } from "node:timers/promises";
import { isDone } from "@dimos/core";
import { CallTimeoutError, didYouMean } from "@dimos/rpc";
import { skillInput } from "../arguments/call-arguments.ts";
import { parseDuration } from "../arguments/durations.ts";
import { describeAborted, LATE_OUTCOME_MS, type LateOutcome, lateOutcome } from "../connection/aborted-call.ts";
import type { CallCommandOptions } from "../connection/call-method.ts";
import type { RunOption } from "../connection/connect.ts";
import { connectMcp } from "../connection/mcp-connection.ts";
import type { McpCallOptions, McpHttp, McpResult } from "../connection/mcp-http.ts";
import { CallFailedError, CliError, UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { Paint } from "../output/paint.ts";
import { print, printJson, say, table } from "../output/print.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { showValue } from "../output/show-value.ts";
import { joined, type Shown, shown, shownLines } from "../output/shown.ts";

type Options = RunOption & { readonly json?: boolean };

/** How often the server is asked how a cancelled call ended. */
const STATUS_PERIOD_MS = 100;

/** A call as `server_status` tells of it. */
interface CallRecord {
  readonly tool: string;
  readonly state: string;
  readonly outcome?: unknown;
}

/** A module as `list_modules` tells of it. */
interface ListedModule {
  readonly notOffered?: readonly { readonly name: string; readonly reason: string }[];
}

/** Of the server: an argument that the tool does not take. */
const INVALID_INPUT = "INVALID_INPUT";

/** `dimos mcp list-tools`: what an agent is offered, asked where agents ask. */
export async function listTools(options: Options): Promise<ExitCode> {
  const { http } = await connectMcp(options.run);
  const tools = await http.listTools();
  if (options.json === true) await printJson(tools);
  const paint = new Paint(process.stdout);
  if (options.json !== true)
    for (const { name, description = "", _meta } of tools)
      await print(
        shown`${paint.bold(name)}  ${paint.dim(`[${_meta?.["dimos/module"] ?? "McpServer"}]`)}\n  ${shownLines(description, "  ")}\n`,
      );
  return EXIT.ok;
}

/** `dimos mcp call TOOL key=value...`. */
export async function callTool(
  name: string,
  texts: readonly string[],
  options: CallCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { http } = await connectMcp(options.run);
  const tools = await http.listTools();
  const tool = tools.find((known) => known.name === name);
  if (tool === undefined) {
    const reason = await whyNotOffered(http, name);
    if (reason !== undefined) throw new CliError("MCP_FAILED", reason);
    const suggestion = didYouMean(
      name,
      tools.map((known) => known.name),
    );
    throw new UsageError(`There is no tool "${name}".${suggestion} "dimos mcp list-tools" shows them`);
  }
  const input = skillInput(texts, tool.inputSchema);
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout, "--timeout");
  const result = await callInTime(http, name, input, timeoutMs, signal).catch(unlessInterrupted(signal));
  if (result === undefined) {
    say(describeAborted(name, await lateOutcome(cancelledOutcome(http, name).catch(() => undefined))));
    return EXIT.interrupted;
  }
  if (result.isError === true) throw failureOf(result);
  if (options.json === true) await printJson(result);
  else await print(textOf(result));
  return isDone(result.structuredContent) ? EXIT.ok : EXIT.failed;
}

/** A skill that is not offered as a tool, because its input cannot be described to an agent. The server says why. */
async function whyNotOffered(http: McpHttp, name: string): Promise<string | undefined> {
  const signal = AbortSignal.timeout(LATE_OUTCOME_MS);
  const { structuredContent } = await http.callTool("list_modules", {}, { signal, onProgress: () => {} });
  const { modules } = structuredContent as { readonly modules: readonly ListedModule[] };
  return modules.flatMap(({ notOffered = [] }) => notOffered).find((skill) => skill.name === name)?.reason;
}

/** `dimos mcp status`. */
export async function mcpStatus(options: Options): Promise<ExitCode> {
  const { run, instance, http } = await connectMcp(options.run);
  const tools = (await http.listTools()).length;
  const status = { run: run.runId, module: instance, url: http.url, tools };
  if (options.json === true) await printJson(status);
  else await print(table(Object.entries(status).map(([name, value]) => [name, String(value)])));
  return EXIT.ok;
}

function unlessInterrupted(signal: AbortSignal): (error: unknown) => undefined {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

/** No answer carries how a cancelled call ended: the server keeps that for those who ask. */
async function cancelledOutcome(http: McpHttp, name: string): Promise<LateOutcome> {
  const untilMs = performance.now() + LATE_OUTCOME_MS;
  while (performance.now() < untilMs) {
    const { structuredContent } = await http.callTool(
      "server_status",
      {},
      { signal: AbortSignal.timeout(LATE_OUTCOME_MS), onProgress: () => {} },
    );
    const { calls } = structuredContent as { readonly calls: readonly CallRecord[] };
    // The newest one: an older call of the same tool may have been cancelled as well.
    const newest = calls.find(({ tool }) => tool === name);
    if (newest?.state === "cancelled" && newest.outcome !== undefined)
      return { status: "fulfilled", value: newest.outcome };
    await sleep(STATUS_PERIOD_MS);
  }
  return undefined;
}

/** The deadline is a bound, whatever is reported. */
async function callInTime(
  http: McpHttp,
  name: string,
  input: unknown,
  timeoutMs: number | undefined,
  signal: AbortSignal,
): Promise<McpResult> {
  const progress = new ProgressLine();
  const late = new AbortController();
  const expire = () => late.abort(new CallTimeoutError(name, timeoutMs ?? 0));
  const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
  const options: McpCallOptions = {
    signal: AbortSignal.any([signal, late.signal]),
    onProgress: (message) => progress.report(message),
  };
  try {
    return await http.callTool(name, input, options);
  } finally {
    clearTimeout(timer);
    progress.clear();
  }
}

function failureOf(result: McpResult): Error {
  const sentence = result.content.map(({ text = "" }) => text).join("\n");
  return result._meta?.["dimos/code"] === INVALID_INPUT
    ? new UsageError(sentence)
    : new CallFailedError(new Error(sentence));
}

/** Objects as `dimos skill call` shows them; of a picture what it is. */
function textOf({ content, structuredContent }: McpResult): Shown {
  if (structuredContent !== undefined) return showValue(structuredContent);
  const texts = content.map(
    ({ type, text, mimeType, data }) =>
      text ?? `[${type}: ${mimeType}, ${Buffer.byteLength(String(data), "base64")} bytes]`,
  );
  return joined(texts.map((text) => shown`${shownLines(text)}\n`));
}

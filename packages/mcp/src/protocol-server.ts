import { readFileSync } from "node:fs";
import { ProtocolError, ProtocolErrorCode, Server, type ServerContext } from "@modelcontextprotocol/server";
import { ANSWERS_PINGS, ClientWatch, type PingHabit } from "./client-watch.ts";
import { UnknownToolError } from "./errors.ts";
import { plainValue } from "./tools/plain-value.ts";
import type { Toolbox } from "./tools/toolbox.ts";

const INSTRUCTIONS =
  "Tools move a real or simulated robot. Moves report what was measured, not what was asked: read `status` before going on. Cancel a call to stop what it does; server_status then tells what it had done.";

/**
 * One connection of the protocol over a toolbox, whatever carries it.
 *
 * @param onSilent hears of a client that gave no sign of life while its call moved the robot
 */
export function protocolServer(toolbox: Toolbox, onSilent: (error: Error) => void): Server {
  const server = new Server(
    { name: "dimos", title: "dimos robot", version: packageVersion() },
    { capabilities: { tools: { listChanged: true } }, instructions: INSTRUCTIONS },
  );
  const habit: PingHabit = { hasAnswered: false };
  server.setRequestHandler("tools/list", async () => ({ tools: await toolbox.list() }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    habit.hasAnswered ||= ANSWERS_PINGS in (server.getClientCapabilities()?.experimental ?? {});
    const watch = new ClientWatch(context, habit);
    try {
      const progress = new Progress(context, (error) => server.onerror?.(error));
      const options = {
        signal: AbortSignal.any([signalOf(context), watch.signal]),
        onProgress: (value: unknown) => progress.report(value),
        onAsking: () => watch.begin(),
      };
      const result = await toolbox.call(params.name, params.arguments ?? {}, options);
      await progress.sent;
      return server.projectCallToolResult(result, undefined);
    } catch (error) {
      if (error instanceof UnknownToolError) throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
      throw error;
    } finally {
      watch.end();
      if (watch.signal.aborted) onSilent(watch.signal.reason as Error);
    }
  });
  return server;
}

/** Aborted when the client cancels the request, and when nobody is left who could hear the answer. */
function signalOf({ mcpReq, http }: ServerContext): AbortSignal {
  const gone = http?.req?.signal;
  return gone === undefined ? mcpReq.signal : AbortSignal.any([mcpReq.signal, gone]);
}

/** What a skill says of its progress. Clients want a number that grows; what the skill said is the message. */
class Progress {
  readonly #request: ServerContext["mcpReq"];
  readonly #onError: (error: Error) => void;
  #progress = 0;
  /** Settled when all is on its way: what comes behind the result is not heard any more. */
  sent: Promise<unknown> = Promise.resolve();

  constructor({ mcpReq }: ServerContext, onError: (error: Error) => void) {
    this.#request = mcpReq;
    this.#onError = onError;
  }

  report(value: unknown): void {
    const progressToken = this.#request._meta?.progressToken;
    if (progressToken === undefined) return;
    const message = typeof value === "string" ? value : JSON.stringify(plainValue(value));
    const params = { progressToken, progress: ++this.#progress, message };
    const sending = this.#request.notify({ method: "notifications/progress", params }).catch(this.#onError);
    this.sent = Promise.all([this.sent, sending]);
  }
}

function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

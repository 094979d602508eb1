import { CliError } from "../errors.ts";

/** A tool as the server describes it. */
export interface McpTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

export interface McpResult {
  readonly content: readonly { readonly type: string; readonly text?: string; readonly [key: string]: unknown }[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

export interface McpCallOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly message?: string };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Posting {
  readonly signal: AbortSignal;
  /** Left out where there is none. */
  readonly session?: string | undefined;
}

const LIST_TIMEOUT_MS = 10_000;
/** A session is left within this time, or forgotten. */
const LEAVE_TIMEOUT_MS = 1_000;
/** The last revision in which servers may ask their clients. */
const PROTOCOL_VERSION = "2025-11-25";
/** Tells the server of a run that this client answers every ping: one that does not is not there. */
const ANSWERS_PINGS = "dimos/answersPings";

/**
 * The little of an MCP client that the command needs. A call has a session, for its server to be able to ask whether this
 * process lives; a cancelled call is one whose connection ends.
 */
export class McpHttp {
  readonly url: string;
  readonly #accessToken: string | undefined;

  constructor(url: string, accessToken: string | undefined) {
    this.url = url;
    this.#accessToken = accessToken;
  }

  async listTools(): Promise<readonly McpTool[]> {
    const options = { signal: AbortSignal.timeout(LIST_TIMEOUT_MS), onProgress: () => {} };
    return ((await this.#request("tools/list", {}, options)) as { readonly tools: readonly McpTool[] }).tools;
  }

  async callTool(name: string, input: unknown, options: McpCallOptions): Promise<McpResult> {
    const params = { name, arguments: input, _meta: { progressToken: 1 } };
    const { signal } = options;
    const session = await this.#enter(signal);
    try {
      return (await this.#request("tools/call", params, options, session)) as McpResult;
    } finally {
      await this.#leave(session);
    }
  }

  /** Begins a session. Resolves to its id. */
  async #enter(signal: AbortSignal): Promise<string | undefined> {
    const clientInfo = { name: "dimos", version: "1" };
    // It may be stopped before it has answered the first ping.
    const capabilities = { experimental: { [ANSWERS_PINGS]: {} } };
    const params = { protocolVersion: PROTOCOL_VERSION, capabilities, clientInfo };
    const response = await this.#post({ id: 0, method: "initialize", params }, { signal });
    await response.body?.cancel();
    const session = response.headers.get("mcp-session-id") ?? undefined;
    if (session !== undefined) await this.#tell({ method: "notifications/initialized" }, { signal, session });
    return session;
  }

  async #leave(session: string | undefined): Promise<void> {
    if (session === undefined) return;
    const headers = this.#headers(session);
    const signal = AbortSignal.timeout(LEAVE_TIMEOUT_MS);
    // A server that does not hear of it forgets the session by itself.
    await fetch(this.url, { method: "DELETE", headers, signal }).catch(() => undefined);
  }

  async #request(
    method: string,
    params: object,
    { signal, onProgress }: McpCallOptions,
    session?: string,
  ): Promise<unknown> {
    const response = await this.#post({ id: 1, method, params }, { signal, session });
    for await (const { id, error, result, method: told, params: about } of messagesOf(response)) {
      if (told === "ping") {
        // One that does not get through counts as unanswered; the call itself shows what is wrong.
        void this.#tell({ id, result: {} }, { signal, session }).catch(() => undefined);
        continue;
      }
      if (error !== undefined) throw new CliError("MCP_FAILED", error.message);
      if (id !== undefined) return result;
      if (told === "notifications/progress" && about?.message !== undefined) onProgress(about.message);
    }
    throw new CliError("MCP_FAILED", `${this.url} answered ${response.status}, and nothing that could be read`);
  }

  /** Sends what has no answer. */
  async #tell(message: object, posting: Posting): Promise<void> {
    await (await this.#post(message, posting)).body?.cancel();
  }

  #post(message: object, { signal, session }: Posting): Promise<Response> {
    const headers = this.#headers(session);
    return fetch(this.url, { method: "POST", signal, headers, body: JSON.stringify({ jsonrpc: "2.0", ...message }) });
  }

  #headers(session: string | undefined): Record<string, string> {
    return {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(this.#accessToken === undefined ? {} : { authorization: `Bearer ${this.#accessToken}` }),
      ...(session === undefined ? {} : { "mcp-session-id": session, "mcp-protocol-version": PROTOCOL_VERSION }),
    };
  }
}

/** One message of JSON, or a stream of events with one each. */
async function* messagesOf(response: Response): AsyncIterable<Message> {
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("application/json")) yield (await response.json()) as Message;
  if (!type.startsWith("text/event-stream") || response.body === null) return;
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + chunk).split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    for (const event of events) {
      const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
      const data = lines.map((line) => line.slice("data:".length).trimStart()).join("\n");
      if (data !== "") yield JSON.parse(data) as Message;
    }
  }
}

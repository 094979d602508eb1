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
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly message?: string };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const LIST_TIMEOUT_MS = 10_000;

/** The little of an MCP client that the command needs, without a session: a cancelled call is one whose connection ends. */
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
    return (await this.#request("tools/call", params, options)) as McpResult;
  }

  async #request(method: string, params: object, { signal, onProgress }: McpCallOptions): Promise<unknown> {
    const response = await fetch(this.url, {
      method: "POST",
      signal,
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...(this.#accessToken === undefined ? {} : { authorization: `Bearer ${this.#accessToken}` }),
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    for await (const { id, error, result, method: told, params: about } of messagesOf(response)) {
      if (error !== undefined) throw new CliError("MCP_FAILED", error.message);
      if (id !== undefined) return result;
      if (told === "notifications/progress" && about?.message !== undefined) onProgress(about.message);
    }
    throw new CliError("MCP_FAILED", `${this.url} answered ${response.status}, and nothing that could be read`);
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

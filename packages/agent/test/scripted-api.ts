import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request to a chat model, as OpenAI and those like it take it. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly {
    readonly role: string;
    readonly content: unknown;
    readonly tool_call_id?: string;
    readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly arguments: string } }[];
  }[];
  readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters: unknown } }[];
}

/** What the server answers: what the model says and calls, an error, or nothing at all. */
export type Reply =
  | { readonly text?: string; readonly calls?: readonly { readonly name: string; readonly input: unknown }[] }
  | { readonly status: number; readonly message: string }
  | "silence";

export interface ScriptedApi extends AsyncDisposable {
  readonly baseUrl: string;
  readonly requests: readonly { readonly body: ChatRequest; readonly key: string | undefined }[];
  /** Requests that the other side gave up while they waited. */
  readonly abandoned: number;
}

/** An OpenAI-compatible server that answers what its script says, one reply for each request. */
export async function scriptedApi(...script: Reply[]): Promise<ScriptedApi> {
  const requests: { body: ChatRequest; key: string | undefined }[] = [];
  let abandoned = 0;
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await textOf(request)) as ChatRequest;
    const reply = script[requests.length] ?? { status: 400, message: "The script has ended." };
    requests.push({ body, key: request.headers.authorization });
    if (reply !== "silence") answer(response, reply, requests.length);
    response.once("close", () => {
      if (!response.writableFinished) abandoned++;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    get abandoned() {
      return abandoned;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function answer(response: ServerResponse, reply: Exclude<Reply, "silence">, count: number): void {
  response.setHeader("content-type", "application/json");
  if ("status" in reply) {
    response.statusCode = reply.status;
    response.end(JSON.stringify({ error: { message: reply.message, type: "scripted", code: null, param: null } }));
    return;
  }
  const { text = null, calls = [] } = reply;
  const tool_calls = calls.map(({ name, input }, index) => ({
    id: `call-${count}-${index}`,
    type: "function",
    function: { name, arguments: typeof input === "string" ? input : JSON.stringify(input) },
  }));
  const message = { role: "assistant", content: text, ...(calls.length === 0 ? {} : { tool_calls }) };
  response.end(
    JSON.stringify({
      id: `answer-${count}`,
      object: "chat.completion",
      created: 0,
      model: "scripted",
      choices: [{ index: 0, message, finish_reason: calls.length === 0 ? "stop" : "tool_calls" }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    }),
  );
}

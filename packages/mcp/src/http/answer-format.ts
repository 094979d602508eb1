import { isJSONRPCErrorResponse, isJSONRPCResultResponse } from "@modelcontextprotocol/server";
import { type Accepted, JSON_TYPE, STREAM_TYPE } from "./accept.ts";

export function isStream({ headers }: Response): boolean {
  return headers.get("content-type") === STREAM_TYPE;
}

/** An answer in the format that its client takes. The SDK chooses by itself, and its clients have to take both. */
export async function inAcceptedFormat(answer: Response, { json, stream }: Accepted): Promise<Response> {
  if (answer.body === null) return answer;
  if (isStream(answer)) return stream ? answer : asDocument(answer, answer.body);
  // A refusal is JSON whatever its client takes.
  return json || !answer.ok
    ? answer
    : withBody(answer, STREAM_TYPE, `event: message\ndata: ${await answer.text()}\n\n`);
}

/** Without progress, for which there is no room. Empty for a call that was cancelled. */
async function asDocument(answer: Response, body: ReadableStream<Uint8Array>): Promise<Response> {
  const answers = await answersIn(body);
  if (answers.length === 0) return new Response(null, { status: 204 });
  return withBody(answer, JSON_TYPE, JSON.stringify(answers.length === 1 ? answers[0] : answers));
}

async function answersIn(body: ReadableStream<Uint8Array>): Promise<unknown[]> {
  const answers: unknown[] = [];
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const events = `${rest}${decoder.decode(chunk, { stream: true })}`.split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const [, data] = /^data: (.*)$/m.exec(event) ?? [];
      const message: unknown = data === undefined ? undefined : JSON.parse(data);
      if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) answers.push(message);
    }
  }
  return answers;
}

function withBody({ status, headers }: Response, type: string, body: string): Response {
  const kept = new Headers(headers);
  kept.set("content-type", type);
  kept.delete("content-length");
  return new Response(body, { status, headers: kept });
}

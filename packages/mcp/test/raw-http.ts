import { type IncomingMessage, type RequestOptions, request as send } from "node:http";
import { Readable } from "node:stream";

export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  /** The whole body, once it has ended. */
  readonly ended: Promise<string>;
}

/** A request as no well-behaved client makes it. Resolves when the headers of the answer are there. */
export function ask(url: string, body: string | Iterable<Buffer>, options: RequestOptions = {}): Promise<Answer> {
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  return new Promise((resolve, reject) => {
    const request = send(url, { method: "POST", ...options, headers: { ...headers, ...options.headers } });
    request.on("error", reject);
    request.on("response", (response) => {
      // From now on the server may close while the rest is being sent.
      request.off("error", reject).on("error", () => {});
      resolve({ status: response.statusCode, headers: response.headers, ended: textOf(response) });
    });
    if (typeof body === "string") request.end(body);
    else Readable.from(body).pipe(request);
  });
}

/** The same, once the answer has ended. */
export async function post(url: string, body: string | Iterable<Buffer>, options: RequestOptions = {}) {
  const { ended, ...head } = await ask(url, body, options);
  return { ...head, body: await ended };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  try {
    for await (const chunk of response) text += chunk;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ECONNRESET") throw error;
  }
  return text;
}

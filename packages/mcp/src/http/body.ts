import type { IncomingMessage, ServerResponse } from "node:http";

/** A client that goes on sending is listened to for so long: closed at once, it would never see why. */
const LINGER_MS = 2_000;

/** The body of a request; `"too large"` as soon as that is known, and what still comes is thrown away; undefined when the client has gone. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | "too large" | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = Number(request.headers["content-length"] ?? 0) > maxBytes ? Number.POSITIVE_INFINITY : 0;
    const giveUp = () => {
      chunks.length = 0;
      resolve("too large");
    };
    if (size > maxBytes) giveUp();
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) giveUp();
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("close", () => resolve(undefined));
    request.on("error", () => resolve(undefined));
  });
}

/** Answers at once, and closes the connection when the client has sent everything, or soon. */
export function refuseLingering(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: string,
): void {
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    connection: "close",
  };
  response.writeHead(status, headers);
  response.write(body);
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  if (request.readableEnded) end();
  else request.once("end", end).once("close", end);
}

import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { cancelled, message, serve, startSession, waitCall } from "../../test/http-server.ts";
import { post } from "../../test/raw-http.ts";

const list = JSON.stringify(message("tools/list", {}, 1));
const PATIENT = { connections: 2, headersTimeoutMs: 60_000, requestTimeoutMs: 60_000 };
const HASTY = { connections: 256, headersTimeoutMs: 200, requestTimeoutMs: 400 };

/** Resolves when the server has hung up on a client that sends this and then nothing. */
function sendAndFallSilent(url: string, text: string): Promise<unknown> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.resume().on("error", () => {});
  socket.write(text);
  return new Promise((resolve) => socket.once("close", resolve));
}

it("hangs up on a client that sends nothing, no end of headers, or no end of its body", async () => {
  await using server = await serve({ limits: HASTY });
  const head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  const bodies = ["Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"];
  const endings = ["", head, ...bodies.map((body) => `${head}${body}`)];
  await Promise.all(endings.map((text) => sendAndFallSilent(server.url, text)));
});

it("refuses what is more than its connections, but not the cancellation of a call", async () => {
  await using server = await serve({ limits: PATIENT });
  const say = await startSession(server.url);
  const calls = await Promise.all([1, 2, 3].map((id) => say(waitCall(id))));
  expect(await post(server.url, list)).toMatchObject({
    status: 503,
    body: expect.stringContaining("2 connections are open"),
  });
  for (const id of [1, 2, 3]) expect((await say(cancelled(id))).status).toBe(202);
  await Promise.all(calls.map(({ ended }) => ended));
});

it("refuses a body without an end as soon as it is too large, and keeps none of it", async () => {
  await using server = await serve({ limits: PATIENT });
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1").on("error", () => {});
  const bytes = 5 * 1024 * 1024;
  socket.write("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
  socket.write(`Transfer-Encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n`);
  socket.write(Buffer.alloc(bytes, " "));
  const [answer] = await once(socket, "data");
  expect(String(answer)).toContain("HTTP/1.1 413");
  socket.destroy();
});

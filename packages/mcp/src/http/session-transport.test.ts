import { beforeEach, expect, it } from "vitest";
import { cancelled, message, serve, startSession, waitCall } from "../../test/http-server.ts";
import { post } from "../../test/raw-http.ts";
import { connectClient } from "../../test/system.ts";
import type { McpHttpServer } from "./http-server.ts";

let server: McpHttpServer;

beforeEach(async () => {
  server = await serve();
  return () => server[Symbol.asyncDispose]();
});

const range = (length: number) => Array.from({ length }, (_, index) => index + 1);

it("ends the response stream of every cancelled call, without an answer", async () => {
  const say = await startSession(server.url);
  const calls = await Promise.all(range(20).map((id) => say(waitCall(id))));
  for (const id of range(20)) expect((await say(cancelled(id))).status).toBe(202);
  for (const text of await Promise.all(calls.map(({ ended }) => ended))) {
    expect(text).toContain("notifications/progress");
    expect(text).not.toMatch(/"result"|"error"/);
  }
  // The ids are free again, and the session is as good as new.
  const again = await say(waitCall(1));
  await say(cancelled(1));
  await again.ended;
});

it("ends that of a call that the official client has cancelled, and surprises it with nothing", async () => {
  const ended: string[] = [];
  const recording: typeof fetch = async (url, init) => {
    const response = await fetch(url, init);
    const flush = () => void ended.push(String(init?.body));
    return new Response(response.body?.pipeThrough(new TransformStream({ flush })) ?? null, response);
  };
  await using client = await connectClient(server.url, "2025-11-25", {}, { fetch: recording });
  const errors: Error[] = [];
  client.onerror = (error) => errors.push(error);
  const leave = new AbortController();
  const onprogress = () => leave.abort("enough");
  const call = client.callTool({ name: "wait" }, { signal: leave.signal, onprogress });
  await expect(call).rejects.toThrow("enough");
  await expect.poll(() => ended).toContainEqual(expect.stringContaining('"tools/call"'));
  expect((await client.listTools()).tools).toHaveLength(1);
  expect(errors).toEqual([]);
});

it("heeds a cancellation that has overtaken its call, and does not mistake a late one for that", async () => {
  const say = await startSession(server.url);
  await say(cancelled(1));
  await (await say(waitCall(1))).ended;
  await (await say(message("tools/list", {}, 2))).ended;
  await say(cancelled(2));
  expect(await (await say(message("tools/list", {}, 2))).ended).toContain('"wait"');
});

it("ends the stream of a batch when the last of its requests is answered or cancelled", async () => {
  const say = await startSession(server.url);
  const batch = await say([waitCall(1), message("tools/list", {}, 2), waitCall(3)]);
  await say([cancelled(1), cancelled(1), cancelled(2), cancelled(99)]);
  await say(cancelled(3));
  expect(await batch.ended).toContain('"wait"');
});

it("ends all streams with the session, and with the server", async () => {
  const leaving = await startSession(server.url);
  const staying = await startSession(server.url);
  const [call, listening, other] = await Promise.all([
    leaving(waitCall(1)),
    leaving(undefined, "GET"),
    staying(waitCall(1)),
  ]);
  expect((await leaving(undefined, "DELETE")).status).toBe(200);
  await Promise.all([call.ended, listening.ended]);
  expect(server.sessions).toBe(1);
  await server[Symbol.asyncDispose]();
  await other.ended;
});

it("refuses an id that is in use, and more open requests than 64, and the session goes on", async () => {
  const say = await startSession(server.url);
  const calls = await Promise.all(range(64).map((id) => say(waitCall(id))));
  const twice = await say(waitCall(7));
  expect(twice.status).toBe(400);
  expect(await twice.ended).toContain("The request id 7 is in use: its request is not answered yet");
  const many = await say(waitCall(65));
  expect(many.status).toBe(429);
  expect(await many.ended).toContain("64 requests of this session wait for their answers");
  for (const id of range(64)) await say(cancelled(id));
  await Promise.all(calls.map(({ ended }) => ended));
  expect((await say(message("tools/list", {}, 7))).status).toBe(200);
});

it("ends the session that was silent for longest for a 65th, and spares one with a call under way", async () => {
  const busy = await startSession(server.url);
  const call = await busy(waitCall(1));
  const idle = await startSession(server.url);
  for (const _ of range(63)) await startSession(server.url);
  expect(server.sessions).toBe(64);
  expect((await idle(message("tools/list", {}, 2))).status).toBe(404);
  await busy(cancelled(1));
  await call.ended;
});

it("refuses a 65th while 64 have calls under way: a session that was ended for it would stop a robot", async () => {
  const sessions = await Promise.all(range(64).map(() => startSession(server.url)));
  const calls = await Promise.all(sessions.map((say) => say(waitCall(1))));
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  expect(await post(server.url, JSON.stringify(message("initialize", params, 0)))).toMatchObject({
    status: 503,
    body: expect.stringContaining("64 agents have calls under way"),
  });
  expect(server.sessions).toBe(64);
  for (const say of sessions) expect((await say(cancelled(1))).status).toBe(202);
  await Promise.all(calls.map(({ ended }) => ended));
  await startSession(server.url);
  expect(server.sessions).toBe(64);
});

it("says of a cancellation without a session that it cancels nothing", async () => {
  expect(await post(server.url, JSON.stringify(cancelled(1)))).toMatchObject({
    status: 400,
    body: expect.stringContaining("close the connection of the call"),
  });
});

import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { expect, it } from "vitest";
import { cancelled, message, serve, startSession, waitCall } from "../../test/http-server.ts";
import { ask, post } from "../../test/raw-http.ts";
import { connectClient } from "../../test/system.ts";

const list = JSON.stringify(message("tools/list", {}, 1));

const STREAM = "text/event-stream";
const JSON_TYPE = "application/json";

it.each([
  ["*/*", STREAM],
  ["", STREAM],
  ["application/*, text/*;q=0.5", STREAM],
  ["Application/JSON;q=0.9, TEXT/event-stream ; q=0.1", STREAM],
  ["text/html, application/json, */*;q=0.8", STREAM],
  ["application/json, text/event-stream", STREAM],
  ["text/event-stream", STREAM],
  ["*/*, text/event-stream;q=0", JSON_TYPE],
  ["application/json", JSON_TYPE],
  ["application/*", JSON_TYPE],
])("answers a POST that accepts %j with %s", async (accept, type) => {
  await using server = await serve();
  const answer = await post(server.url, list, { headers: { accept } });
  expect(answer).toMatchObject({ status: 200, headers: { "content-type": type } });
  expect(answer.body).toContain('"wait"');
  if (type === JSON_TYPE)
    expect(JSON.parse(answer.body)).toMatchObject({ id: 1, result: { tools: [{ name: "wait" }] } });
});

it.each(["text/html", "*/*;q=0.0", "application/json;q=0"])("refuses a POST that accepts %j", async (accept) => {
  await using server = await serve();
  const body = expect.stringContaining("Send the header Accept: application/json, text/event-stream");
  expect(await post(server.url, list, { headers: { accept } })).toMatchObject({ status: 406, body });
});

it("gives a client that takes JSON only the answers of its batch, and nothing for a call that it cancels", async () => {
  await using server = await serve();
  const say = await startSession(server.url, { accept: JSON_TYPE });
  const both = await say([message("tools/list", {}, 1), message("ping", {}, 2)]);
  expect(JSON.parse(await both.ended)).toMatchObject([{ id: expect.any(Number) }, { id: expect.any(Number) }]);
  const call = say(waitCall(3));
  await say(cancelled(3));
  expect((await call).status).toBe(204);
});

it("gives a client of 2026 that takes streams only a stream", async () => {
  await using server = await serve();
  const accept: typeof fetch = (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set("accept", STREAM);
    return fetch(url, { ...init, headers });
  };
  await using client = await connectClient(server.url, "2026-07-28", {}, { fetch: accept });
  expect((await client.listTools()).tools).toHaveLength(1);
});

it("needs no Accept at all, and answers a GET that accepts a stream", async () => {
  await using server = await serve();
  const silent = request(server.url, { method: "POST", headers: { "content-type": "application/json" } }).end(list);
  const [response] = (await once(silent, "response")) as [IncomingMessage];
  expect(response.resume().statusCode).toBe(200);
  const init = message(
    "initialize",
    { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
    0,
  );
  const begun = await post(server.url, JSON.stringify(init), { headers: { accept: "*/*" } });
  const session = String(begun.headers["mcp-session-id"]);
  const listen = (accept: string) =>
    ask(server.url, "", { method: "GET", headers: { accept, "mcp-session-id": session } });
  expect((await listen("application/json")).status).toBe(406);
  // Its headers come at once, though there is nothing to say.
  expect((await listen("text/*")).status).toBe(200);
});

import { once } from "node:events";
import { createServer } from "node:net";
import { autoconnect, type ModuleCoordinator } from "@dimos/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { post } from "../../test/raw-http.ts";
import { Robot } from "../../test/robot.ts";
import { connectClient, ERAS, type Era, run, urlOf } from "../../test/system.ts";
import { McpServer } from "../mcp-server.ts";

const LISTED = "http://localhost:5173";
const MEGABYTE = Buffer.alloc(1024 * 1024, " ");
const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });

function* repeat(chunk: Buffer, times: number): Iterable<Buffer> {
  for (let n = 0; n < times; n++) yield chunk;
}

describe("what a server refuses", () => {
  let running: ModuleCoordinator;
  let url: string;

  beforeAll(async () => {
    running = await run(autoconnect(McpServer.blueprint(), Robot.blueprint()), { mcpOrigins: [LISTED] });
    url = await urlOf(running);
  });

  afterAll(() => running.stop());

  async function isAlive(): Promise<void> {
    await using client = await connectClient(url);
    expect((await client.listTools()).tools).toHaveLength(7);
  }

  it("is a page that mcpOrigins of the run does not list", async () => {
    expect(await post(url, list, { headers: { origin: LISTED } })).toMatchObject({ status: 200 });
    expect(await post(url, list, { headers: { origin: "http://localhost:6274" } })).toMatchObject({ status: 403 });
  });

  it("is a body of 100 MB, whether it says so beforehand or not", async () => {
    const headers = { "content-length": 100 * MEGABYTE.length };
    for (const options of [{ headers }, {}]) {
      expect(await post(url, repeat(MEGABYTE, 100), options)).toMatchObject({ status: 413 });
    }
    await isAlive();
  });

  it("is bad JSON, what is no JSON at all, and another path", async () => {
    expect(JSON.parse((await post(url, "{forward:")).body)).toMatchObject({ error: { code: -32700 } });
    expect(await post(url, list, { headers: { "content-type": "text/plain" } })).toMatchObject({ status: 415 });
    expect(await post(url.replace("/mcp", "/admin"), list)).toMatchObject({
      status: 404,
      body: expect.stringContaining("There is nothing at /admin: agents connect to /mcp"),
    });
    expect(await post(url, list, { headers: { "mcp-session-id": "guessed" } })).toMatchObject({ status: 404 });
    await isAlive();
  });

  it("is nothing of a plain request without a session", async () => {
    const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "move", arguments: { forward: 1 } } };
    expect((await post(url, JSON.stringify(call))).body).toContain('"moved":1');
  });
});

describe("aborts what a client has called when the client is gone, whatever was collected as garbage meanwhile:", () => {
  const call = { name: "move", arguments: { forward: 2, slowly: true } };
  let running: ModuleCoordinator;
  let url: string;

  beforeEach(async () => {
    running = await run(autoconnect(McpServer.blueprint(), Robot.blueprint()), { nWorkers: 1 });
    url = await urlOf(running);
  });

  afterEach(() => running.stop());

  async function collectGarbage(): Promise<void> {
    for (let n = 0; n < 3; n++) await running.call("Robot", "collectGarbage", []);
  }

  it.each(Object.keys(ERAS) as Era[])("one of %s", async (era) => {
    const client = await connectClient(url, era);
    const { promise: moving, resolve } = Promise.withResolvers<unknown>();
    const gone = client.callTool(call, { onprogress: resolve }).catch(() => "gone");
    await moving;
    await collectGarbage();
    await client.close();
    await expect.poll(() => running.call("Robot", "abortedBecause", [])).toContain("CallAbortedError");
    expect(await gone).toBe("gone");
  });

  it("one without a session", async () => {
    const leave = new AbortController();
    const request = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { ...call, _meta: { progressToken: 1 } } };
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(request), signal: leave.signal });
    await response.body?.getReader().read();
    await collectGarbage();
    leave.abort();
    await expect.poll(() => running.call("Robot", "abortedBecause", [])).toContain("CallAbortedError");
  });
});

describe("off loopback", () => {
  const accessToken = "0123456789abcdef";

  it("does not even start without a token", async () => {
    await expect(run(McpServer.blueprint(), { mcpHost: "0.0.0.0" })).rejects.toThrow(
      "McpServer failed to deploy: McpServer would listen on 0.0.0.0, where others can reach it: it needs accessToken",
    );
  });

  it("does not start with a token that can be guessed, on loopback neither", async () => {
    for (const weak of ["x", "", accessToken.slice(1)])
      for (const host of ["0.0.0.0", "127.0.0.1"])
        await expect(run(McpServer.blueprint({ host, accessToken: weak }))).rejects.toThrow(/accessToken: .*16/);
  });

  it("lets in who has the token, and nobody else (B6)", async () => {
    const blueprint = autoconnect(McpServer.blueprint({ host: "0.0.0.0", accessToken }), Robot.blueprint());
    await using running = await run(blueprint);
    const url = await urlOf(running);
    const as = (authorization: string) => post(url, list, { headers: { authorization } });
    expect(await post(url, list)).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
    expect(await as(`Bearer ${accessToken.slice(1)}`)).toMatchObject({ status: 401 });
    expect(await as(`Basic ${accessToken}`)).toMatchObject({ status: 401 });
    expect(await as(`Bearer ${accessToken}`)).toMatchObject({ status: 200 });
    const foreign = { authorization: `Bearer ${accessToken}`, host: "evil.example" };
    expect(await post(url, list, { headers: foreign })).toMatchObject({ status: 403 });
    const requestInit = { headers: { authorization: `Bearer ${accessToken}` } };
    await using client = await connectClient(url, "2026-07-28", {}, { requestInit });
    expect((await client.listTools()).tools).toHaveLength(7);
  });
});

describe("a port that is taken", () => {
  async function taken() {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { readonly port: number };
    const end = async () => void (await once(other.close(), "close"));
    return { port, [Symbol.asyncDispose]: end };
  }

  it("is named before anything starts when somebody has chosen it", async () => {
    await using other = await taken();
    await expect(run(McpServer.blueprint(), { mcpPort: other.port })).rejects.toThrow(
      `McpServer failed to deploy: Port ${other.port} of 127.0.0.1 is in use by another program. Choose another with --mcp-port, or let the system choose with --mcp-port 0`,
    );
    await expect(run(McpServer.blueprint({ port: other.port }))).rejects.toThrow("is in use by another program");
  });
});

it.each([true, false])(
  "keeps a chosen port through its own restart, with its source again: %s",
  async (reloadSource) => {
    const blueprint = autoconnect(McpServer.blueprint(), Robot.blueprint());
    const port = await freePort();
    await using running = await run(blueprint, { mcpPort: port });
    const url = await urlOf(running);
    expect(url).toBe(`http://127.0.0.1:${port}/mcp`);
    await using before = await connectClient(url, "2025-11-25");
    await running.restartModule("McpServer", { reloadSource });
    expect(await urlOf(running)).toBe(url);
    await expect(before.listTools()).rejects.toThrow("initialize again");
    await using after = await connectClient(url, "2025-11-25");
    expect((await after.listTools()).tools).toHaveLength(7);
  },
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  await once(server.close(), "close");
  return port;
}

it("two runs that chose no port both serve, each at its own", async () => {
  const blueprint = autoconnect(McpServer.blueprint(), Robot.blueprint());
  await using first = await run(blueprint, { mcpPort: undefined });
  await using second = await run(blueprint, { mcpPort: undefined });
  const urls = [await urlOf(first), await urlOf(second)];
  expect(new Set(urls).size).toBe(2);
  for (const url of urls) {
    await using client = await connectClient(url);
    expect((await client.listTools()).tools).toHaveLength(7);
  }
});

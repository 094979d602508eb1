import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { autoconnect, type ModuleCoordinator } from "@dimos/core";
import { it } from "vitest";
import { Robot } from "../test/robot.ts";
import { connectClient, recordOf, run, urlOf } from "../test/system.ts";
import { McpServer } from "./mcp-server.ts";

const PROGRAM = fileURLToPath(new URL("../test/programs/client.ts", import.meta.url));
/** 1.6 s on a quiet machine. */
const BOUND_MS = 5_000;

function startAgent(how: string, address: string) {
  const child = fork(PROGRAM, [how, address], { execArgv: ["--conditions=@dimos/source"] });
  return Object.assign(child, { [Symbol.dispose]: () => void child.kill("SIGKILL") });
}

const capabilities = async (running: ModuleCoordinator) => (await running.health()).capabilities;

it.concurrent.for(["http", "stdio"])(
  "K5 over %s: an agent that is stopped has its skill aborted, and hears of it",
  async (how, { expect }) => {
    await using running = await run(autoconnect(McpServer.blueprint(), Robot.blueprint()));
    using agent = startAgent(how, how === "http" ? await urlOf(running) : running.endpoint);
    await expect.poll(() => capabilities(running)).toHaveLength(1);
    // It walks on for as long as it answers: longer than it may be silent.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await capabilities(running)).toHaveLength(1);
    agent.kill("SIGSTOP");
    const stoppedMs = performance.now();
    await expect.poll(() => capabilities(running)).toEqual([]);
    expect(performance.now() - stoppedMs).toBeLessThan(BOUND_MS);
    agent.kill("SIGCONT");
    const [[content]] = (await once(agent, "message")) as [{ text: string }[]];
    expect(content?.text).toMatch(
      /^The caller gave no sign of life for 1\.\d s, so its call was aborted and the robot was/,
    );
  },
);

/** A client that calls a tool and answers nothing that it is asked. Resolves when the call is on its way. */
async function callWithoutAnswers(url: string, capabilities: object): Promise<AbortController> {
  const open = new AbortController();
  const post = (message: object, session: string | null) =>
    fetch(url, {
      method: "POST",
      signal: open.signal,
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...(session === null ? {} : { "mcp-session-id": session }),
      },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });
  const clientInfo = { name: "test", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities, clientInfo };
  const begun = await post({ id: 0, method: "initialize", params }, null);
  const session = begun.headers.get("mcp-session-id");
  await begun.text();
  await post({ method: "notifications/initialized" }, session);
  const move = { name: "move", arguments: { forward: 1, slowly: true } };
  const answer = await post({ id: 1, method: "tools/call", params: move }, session);
  // A response that nobody reads ends its connection when it is garbage-collected.
  answer.text().catch(() => {});
  return open;
}

it.concurrent("does not wait for a first answer of a client that says it answers pings (K5)", async ({ expect }) => {
  await using running = await run(autoconnect(McpServer.blueprint(), Robot.blueprint()));
  const promised = { experimental: { "dimos/answersPings": {} } };
  const call = await callWithoutAnswers(await urlOf(running), promised);
  await expect.poll(() => capabilities(running)).toHaveLength(1);
  await expect.poll(() => capabilities(running)).toEqual([]);
  call.abort();
});

it.concurrent("goes on for a client that has answered no ping yet and promised none", async ({ expect }) => {
  await using running = await run(autoconnect(McpServer.blueprint(), Robot.blueprint()));
  const call = await callWithoutAnswers(await urlOf(running), {});
  await expect.poll(() => capabilities(running)).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(await capabilities(running)).toHaveLength(1);
  call.abort();
});

it.concurrent("goes on for a client whose protocol has no pings, as long as its connection lives", async ({
  expect,
}) => {
  await using running = await run(autoconnect(McpServer.blueprint(), Robot.blueprint()));
  await using client = await connectClient(await urlOf(running), "2026-07-28");
  const moved = client.callTool({ name: "move", arguments: { forward: 1, slowly: true } });
  await expect.poll(() => capabilities(running)).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(await recordOf(client, "move")).toMatchObject({ state: "running" });
  await running.call("Robot", "arrive", []);
  expect(await moved).toMatchObject({ structuredContent: { status: "reached" } });
});

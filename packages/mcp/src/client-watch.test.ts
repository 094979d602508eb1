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

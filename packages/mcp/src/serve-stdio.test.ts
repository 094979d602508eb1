import { fileURLToPath } from "node:url";
import { autoconnect, type ModuleCoordinator } from "@dimos/core";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, it, vi } from "vitest";
import { Camera, Listener, Robot } from "../test/robot.ts";
import { ERAS, type Era, recordOf, run } from "../test/system.ts";

const PROGRAM = fileURLToPath(new URL("../test/programs/stdio.ts", import.meta.url));

async function connect(running: ModuleCoordinator, era: Era, onChanged: (tools: unknown) => void = () => {}) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ["--conditions=@dimos/source", PROGRAM, running.endpoint],
    stderr: "pipe",
  });
  let stderr = "";
  transport.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const client = new Client(
    { name: "test", version: "1" },
    {
      versionNegotiation: ERAS[era],
      listChanged: { tools: { onChanged: (_, tools) => onChanged(tools?.map(({ name }) => name)) } },
    },
  );
  await client.connect(transport);
  return Object.assign(client, { talk: () => stderr, [Symbol.asyncDispose]: () => client.close() });
}

describe.each(Object.keys(ERAS) as Era[])("a client of %s on standard input and output", (era) => {
  it("has the same tools, with progress and failures", async () => {
    await using running = await run(autoconnect(Robot.blueprint(), Listener.blueprint()));
    await using client = await connect(running, era);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toEqual(["move", "look", "fall", "server_status", "list_modules", "emergency_stop", "agent_send"]);
    // The client drops progress that it reads together with the result: the robot arrives when it was heard.
    const onprogress = vi.fn(() => void running.call("Robot", "arrive", []));
    const call = { name: "move", arguments: { forward: 1, slowly: true } };
    expect(await client.callTool(call, { onprogress })).toMatchObject({
      structuredContent: { status: "reached", moved: 1 },
    });
    expect(onprogress.mock.calls).toEqual([[{ progress: 1, message: '{"distanceLeft":1}' }]]);
    expect(await client.callTool({ name: "fall" })).toMatchObject({ isError: true });
    await expect(client.callTool({ name: "mvoe" })).rejects.toThrow('Did you mean "move"?');
    expect(await client.callTool({ name: "agent_send", arguments: { message: "sit" } })).toMatchObject({
      content: [{ text: "Said to Listener.humanInput" }],
    });
    await expect.poll(() => running.call("Listener", "said", [])).toEqual(["sit"]);
  });

  it("cancels what it has called, and hears that tools have changed", async () => {
    await using running = await run(Robot.blueprint());
    const heard = vi.fn();
    await using client = await connect(running, era, heard);
    const leave = new AbortController();
    const options = { signal: leave.signal, onprogress: () => leave.abort() };
    const call = { name: "move", arguments: { forward: 1, slowly: true } };
    await expect(client.callTool(call, options)).rejects.toThrow();
    await expect.poll(() => running.call("Robot", "abortedBecause", [])).toContain("CallAbortedError");
    const moved = () => recordOf(client, "move");
    await expect.poll(moved).toMatchObject({ state: "cancelled", outcome: { moved: 0.25 } });
    await running.loadBlueprint(Camera.blueprint());
    await expect.poll(() => heard.mock.lastCall?.[0]).toContain("zoom");
  });
});

it("aborts what was called when the client leaves, and ends when the run does", async () => {
  await using running = await run(Robot.blueprint());
  const client = await connect(running, "2026-07-28");
  const { promise: moving, resolve } = Promise.withResolvers<unknown>();
  const call = { name: "move", arguments: { forward: 1, slowly: true } };
  const gone = client.callTool(call, { onprogress: resolve }).catch(() => "gone");
  await moving;
  await client.close();
  await expect.poll(() => running.call("Robot", "abortedBecause", [])).toContain("CallAbortedError");
  expect(await gone).toBe("gone");
  await using other = await connect(running, "2025-11-25");
  await running.stop();
  await expect.poll(other.talk).toBe("run ended\n");
});

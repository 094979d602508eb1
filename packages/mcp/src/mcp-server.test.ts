import { autoconnect } from "@dimos/core";
import { describe, expect, it, vi } from "vitest";
import { Artist, Camera, Listener, PIXEL, Robot } from "../test/robot.ts";
import { connectClient, ERAS, type Era, recordOf, run, urlOf } from "../test/system.ts";
import { McpServer } from "./mcp-server.ts";

const blueprint = autoconnect(McpServer.blueprint(), Robot.blueprint());

describe.each(Object.keys(ERAS) as Era[])("a client of the protocol of %s", (era) => {
  it("lists every skill with its schema, what it uses and how it goes on", async () => {
    await using running = await run(autoconnect(blueprint, Camera.blueprint()));
    await using client = await connectClient(await urlOf(running), era);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "move",
      "look",
      "fall",
      "zoom",
      "server_status",
      "list_modules",
      "emergency_stop",
      "agent_send",
    ]);
    const [move, , , zoom] = tools;
    expect(move).toMatchObject({
      description: "Moves forward. Uses: movement (one caller at a time).",
      inputSchema: {
        type: "object",
        properties: { forward: { type: "number", description: "metres" }, slowly: { type: "boolean", default: false } },
        required: ["forward"],
      },
      annotations: { readOnlyHint: false, destructiveHint: true },
      _meta: {
        "dimos/module": "Robot",
        "dimos/skill": "move",
        "dimos/uses": ["movement"],
        "dimos/lifecycle": "instant",
      },
    });
    expect(zoom).toMatchObject({
      description: "Zooms. Answers at once and goes on in the background.",
      _meta: { "dimos/lifecycle": "background" },
    });
  });

  it("calls skills: objects, pictures, failures, progress", async () => {
    await using running = await run(blueprint);
    await using client = await connectClient(await urlOf(running), era);
    const steps: unknown[] = [];
    const call = { name: "move", arguments: { forward: 2 } };
    const moved = await client.callTool(call, { onprogress: (step) => steps.push(step) });
    const result = { status: "reached", moved: 2, track: { type: "Float32Array", length: 50_000 } };
    expect(moved).toMatchObject({ structuredContent: result });
    expect(JSON.stringify(moved).length).toBeLessThan(1_000);
    expect(steps).toEqual([{ progress: 1, message: '{"distanceLeft":2}' }]);
    expect((await client.callTool({ name: "look" })).content).toEqual([
      { type: "image", mimeType: "image/png", data: Buffer.from(PIXEL).toString("base64") },
    ]);
    expect(await client.callTool({ name: "fall" })).toMatchObject({
      isError: true,
      content: [{ type: "text", text: "The robot fell over. Stand it up" }],
    });
  });

  it("cancels in the middle: the skill is aborted, and what it had done can be asked", async () => {
    await using running = await run(blueprint);
    await using client = await connectClient(await urlOf(running), era);
    const leave = new AbortController();
    const onprogress = () => leave.abort();
    const call = { name: "move", arguments: { forward: 2, slowly: true } };
    await expect(client.callTool(call, { signal: leave.signal, onprogress })).rejects.toThrow();
    await expect.poll(() => running.call("Robot", "abortedBecause", [])).toContain("CallAbortedError");
    const moved = () => recordOf(client, "move");
    await expect.poll(moved).toMatchObject({ state: "cancelled", outcome: { status: "cancelled", moved: 0.25 } });
    expect((await client.callTool({ name: "server_status" })).structuredContent).toMatchObject({
      modules: { McpServer: "running", Robot: "running" },
    });
    expect(await recordOf(client, "server_status")).toMatchObject({ state: "running" });
  });

  it("hears of loads, restarts and unloads", async () => {
    await using running = await run(blueprint);
    const heard = vi.fn();
    await using _client = await connectClient(await urlOf(running), era, {
      listChanged: { tools: { onChanged: (_, tools) => heard(tools?.map(({ name }) => name)) } },
    });
    await running.loadBlueprint(Camera.blueprint());
    await expect.poll(() => heard.mock.lastCall?.[0]).toContain("zoom");
    const before = heard.mock.calls.length;
    await running.restartModule("Robot");
    await expect.poll(() => heard.mock.calls.length).toBeGreaterThan(before);
    await running.unloadModule("Camera");
    await expect.poll(() => heard.mock.lastCall?.[0]).not.toContain("zoom");
  });

  it("is told what is wrong with a name or an argument, and goes on", async () => {
    await using running = await run(blueprint);
    await using client = await connectClient(await urlOf(running), era);
    await expect(client.callTool({ name: "mvoe" })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('There is no tool "mvoe". Did you mean "move"?'),
    });
    const text = async (input: Record<string, unknown>) => {
      const { isError, content } = await client.callTool({ name: "move", arguments: input });
      return [isError, content[0]?.type === "text" ? content[0].text : ""];
    };
    expect(await text({ foward: 2 })).toEqual([
      true,
      expect.stringMatching(
        /^Invalid input: there is no field "foward". Did you mean "forward"\? It takes: forward, slowly; /,
      ),
    ]);
    expect(await text({ forward: "far" })).toEqual([true, expect.stringMatching(/^Invalid input: forward: /)]);
    expect(await text({})).toEqual([true, expect.stringMatching(/^Invalid input: forward: /)]);
    expect((await client.callTool({ name: "move", arguments: { forward: 1 } })).isError).toBeUndefined();
  });
});

it("calls a skill that takes a union, and says why another is not offered", async () => {
  await using running = await run(autoconnect(McpServer.blueprint(), Artist.blueprint()));
  await using client = await connectClient(await urlOf(running));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).not.toContain("remind");
  expect(tools.find(({ name }) => name === "draw")?.inputSchema).toMatchObject({
    type: "object",
    properties: {
      kind: { type: "string", enum: ["circle", "line"] },
      radius: { type: "number", description: 'Only where kind is "circle". Required there.' },
    },
    required: ["kind"],
  });
  const draw = async (input: Record<string, unknown>) => {
    const { content, isError = false } = await client.callTool({ name: "draw", arguments: input });
    return [isError, content[0]?.type === "text" ? content[0].text : ""];
  };
  expect(await draw({ kind: "circle", radius: 1 })).toEqual([false, '{"kind":"circle","radius":1}']);
  expect(await draw({ kind: "line", to: { x: 1, y: 1, z: 1 } })).toEqual([
    true,
    'Invalid input: to: there is no field "z". It takes: x, y',
  ]);
  expect(await draw({ kind: "circle", radius: 1, to: { x: 1, y: 1 } })).toEqual([
    true,
    'Invalid input: there is no field "to" where kind is "circle". It takes: kind, radius',
  ]);
  expect(await client.callTool({ name: "remind", arguments: {} })).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining('in its input, a date at "at" cannot be expressed') }],
    _meta: { "dimos/code": "SKILL_NOT_OFFERED" },
  });
  const listed = await client.callTool({ name: "list_modules" });
  const notOffered = [{ name: "remind", reason: expect.stringMatching(/^The skill Artist\.remind is not offered/) }];
  expect(listed.structuredContent).toMatchObject({ modules: [{}, { skills: ["draw"], notOffered }] });
});

it("names the tools of two instances of one class after their instances, and keeps those names valid alone", async () => {
  const robots = ["robot0", "robot1"].map((name) => Robot.blueprint().namespace(name));
  await using running = await run(autoconnect(McpServer.blueprint(), ...robots));
  await using client = await connectClient(await urlOf(running));
  const names = async () =>
    (await client.listTools()).tools.map(({ name }) => name).filter((name) => /fall/.test(name));
  expect(await names()).toEqual(["robot0_Robot_fall", "robot1_Robot_fall"]);
  await running.unloadModule("robot0/Robot");
  await expect.poll(names).toEqual(["fall"]);
  expect(await client.callTool({ name: "robot1_Robot_fall" })).toMatchObject({ isError: true });
});

it("calls go through the restart of a module, and through the restart of the server itself", async () => {
  await using running = await run(blueprint);
  const url = await urlOf(running);
  await using client = await connectClient(url);
  await running.restartModule("Robot");
  expect(await client.callTool({ name: "move", arguments: { forward: 1 } })).toMatchObject({
    structuredContent: { moved: 1 },
  });
  await running.restartModule("McpServer");
  await using again = await connectClient(await urlOf(running));
  expect((await again.listTools()).tools).toHaveLength(7);
});

it("latches the emergency stop, which refuses moves; no tool resets it", async () => {
  await using running = await run(blueprint, { nWorkers: 0 });
  await using client = await connectClient(await urlOf(running));
  const latched = await client.callTool({ name: "emergency_stop", arguments: { reason: "a child in the way" } });
  expect(latched.structuredContent).toMatchObject({ latched: true, unconfirmed: [], reset: "dimos estop --reset" });
  expect(running.estopState).toMatchObject({ latched: true, reason: "a child in the way" });
  const moved = await client.callTool({ name: "move", arguments: { forward: 1 } });
  expect(moved).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("a child in the way") }] });
});

it("works in a run without worker processes", async () => {
  await using running = await run(blueprint, { nWorkers: 0 });
  await using client = await connectClient(await urlOf(running));
  expect(await client.callTool({ name: "move", arguments: { forward: 1 } })).toMatchObject({
    structuredContent: { moved: 1 },
  });
});

it("passes on what people say to the robot's agent", async () => {
  await using running = await run(autoconnect(blueprint, Listener.blueprint()));
  await using client = await connectClient(await urlOf(running));
  const sent = await client.callTool({ name: "agent_send", arguments: { message: "go to the kitchen" } });
  expect(sent.content).toEqual([{ type: "text", text: "Said to Listener" }]);
  await expect.poll(() => running.call("Listener", "said", [])).toEqual(["go to the kitchen"]);
  await running.unloadModule("Listener");
  expect((await client.callTool({ name: "agent_send", arguments: { message: "hello" } })).content).toEqual([
    { type: "text", text: "Said, but no module of this run listens to humanInput: there is no agent" },
  ]);
  expect(await client.callTool({ name: "agent_send", arguments: { message: 7 } })).toMatchObject({ isError: true });
});

it("lists modules with their skills", async () => {
  await using running = await run(blueprint);
  await using client = await connectClient(await urlOf(running));
  expect((await client.callTool({ name: "list_modules" })).structuredContent).toEqual({
    modules: [
      { instance: "McpServer", className: "McpServer", state: "running", restarts: 0, skills: [] },
      { instance: "Robot", className: "Robot", state: "running", restarts: 0, skills: ["move", "look", "fall"] },
    ],
  });
});

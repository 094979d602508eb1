import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Command, DIMOS, dimos } from "./command.ts";
import { daemon, PATIENT, type StartedDaemon, stopAll } from "./daemons.ts";

describe("dimos mcp, of a run with a McpServer (H7)", () => {
  let run: StartedDaemon;

  beforeAll(async () => {
    run = await daemon("robot", "mcp-server", "--mcp-port", "0");
  });

  afterAll(stopAll);

  it("lists tools", async () => {
    const { exitCode, stdout, stderr } = await dimos("mcp", "list-tools");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^move {2}\[Robot\]\n {2}Moves forward\.\ndraw {2}\[Robot\]\n {2}Draws\.\nwait {2}\[Robot\]\n {2}Waits until it is aborted\.\n/,
    );
    const tools = JSON.parse((await dimos("mcp", "list-tools", "--json", "--run", run.run)).stdout);
    expect(tools).toMatchObject([
      { name: "move", inputSchema: { type: "object", required: ["forward"] } },
      { name: "draw", inputSchema: { type: "object", required: ["kind"] } },
      { name: "wait" },
      { name: "server_status" },
      { name: "list_modules" },
      { name: "emergency_stop" },
      { name: "agent_send" },
    ]);
  });

  it("calls one with key=value or JSON, shows progress on standard error", async () => {
    const moved = { status: "reached", moved: 2 };
    const { exitCode, stdout, stderr } = await dimos("mcp", "call", "move", "forward=2", "wall=false");
    expect([exitCode, JSON.parse(stdout), stderr]).toEqual([0, moved, '{"moved":1}\n']);
    expect(JSON.parse((await dimos("mcp", "call", "move", '{"forward":2}')).stdout)).toEqual(moved);
    const raw = JSON.parse((await dimos("mcp", "call", "move", "forward=2", "--json")).stdout);
    expect(raw).toEqual({ content: [{ type: "text", text: JSON.stringify(moved) }], structuredContent: moved });
    expect((await dimos("mcp", "call", "agent_send", "message=go home")).stdout).toBe(
      "Said, but no module of this run listens to humanInput: there is no agent\n",
    );
  });

  it("ends with 1 when the robot did not do it", async () => {
    const { exitCode, stdout } = await dimos("mcp", "call", "move", "forward=2", "wall=true");
    expect([exitCode, JSON.parse(stdout)]).toEqual([1, { status: "blocked", moved: 0 }]);
  });

  it.each([
    [["move", "{forward:2}"], 2, "Error: The input is not JSON: "],
    [["move", "2"], 2, 'Error: The input of a skill is key=value pairs or one JSON object, got "2"\n'],
    [["move", "forward=far"], 2, 'Error: forward takes a value of type number, got "far"\n'],
    [["move", "foward=2"], 2, 'Error: Invalid input: there is no field "foward". Did you mean "forward"?'],
    [["draw", "kind=line", 'to={"x":1,"z":1}'], 2, 'Error: Invalid input: to: there is no field "z". It takes: x, y'],
    [["move"], 2, "Error: Invalid input: forward: "],
    [["remind"], 1, "Error: The skill Robot.remind is not offered, and cannot be called: in its input, a date at"],
    [["mvoe"], 2, 'Error: There is no tool "mvoe". Did you mean "move"? "dimos mcp list-tools" shows them\n'],
  ])("refuses %j with exit code %d and the reason", async (args, exitCode, stderr) => {
    const refused = await dimos("mcp", "call", ...args);
    expect(refused).toEqual({ exitCode, stdout: "", stderr: expect.stringContaining(stderr) });
  });

  it("is cancelled by Ctrl-C and by --timeout", async () => {
    const waiting = new Command(["mcp", "call", "wait"]);
    await waiting.says("waiting");
    waiting.child.kill("SIGINT");
    expect(await waiting.finished()).toMatchObject({
      exitCode: 130,
      stderr: expect.stringMatching(/\nwait was aborted\. It answered: "\w+/),
    });
    await expect.poll(async () => (await dimos("get", "Robot.aborted")).stdout, PATIENT).toBe("1\n");
    const late = await dimos("mcp", "call", "wait", "--timeout", "2s");
    expect(late).toMatchObject({ exitCode: 124, stderr: expect.stringContaining("did not answer within 2000 ms") });
    await expect.poll(async () => (await dimos("get", "Robot.waiting")).stdout, PATIENT).toBe("0\n");
  });

  it("says where agents connect to", async () => {
    const status = JSON.parse((await dimos("mcp", "status", "--json")).stdout);
    expect(status).toEqual({
      run: run.run,
      module: "McpServer",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/),
      tools: 7,
    });
    expect(await dimos("mcp", "status")).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining(`url     ${status.url}\n`),
      stderr: "",
    });
  });

  it("completes names of tools", async () => {
    expect((await dimos("complete", "--", "mcp", "call", "s")).stdout).toBe("server_status\n");
    expect((await dimos("complete", "--", "mcp", "")).stdout).toBe("call\nlist-tools\nstatus\nstdio\n");
  });

  it("names a port that is taken before anything starts, and what to do", async () => {
    const { url } = JSON.parse((await dimos("mcp", "status", "--json")).stdout);
    const { port } = new URL(url);
    const second = await dimos("run", "robot", "mcp-server", "--daemon", "--mcp-port", port);
    expect(second).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        `Port ${port} of 127.0.0.1 is in use by another program. Choose another with --mcp-port`,
      ),
    });
    expect(JSON.parse((await dimos("mcp", "status", "--json")).stdout)).toMatchObject({ url });
  });
});

describe("dimos mcp stdio", () => {
  afterEach(stopAll);

  it("serves a run that has no McpServer to a client that launched it", async () => {
    await daemon("robot");
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [DIMOS, "mcp", "stdio"],
      env: { ...process.env, NODE_OPTIONS: "" } as Record<string, string>,
    });
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
    await client.connect(transport);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("move");
    const moved = await client.callTool({ name: "move", arguments: { forward: 2 } });
    expect(moved).toMatchObject({ structuredContent: { status: "reached", moved: 2 } });
    await client.close();
  });

  it("says on standard error how to start one when none runs, and exits with 3", async () => {
    const { exitCode, stdout, stderr } = await dimos("mcp", "stdio");
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("No running dimos");
  });

  it("ends when its run does, and says so", async () => {
    const { run } = await daemon("robot");
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [DIMOS, "mcp", "stdio"],
      env: { ...process.env, NODE_OPTIONS: "" } as Record<string, string>,
      stderr: "pipe",
    });
    let talk = "";
    transport.stderr?.on("data", (chunk) => {
      talk += chunk;
    });
    const client = new Client({ name: "test", version: "1" });
    await client.connect(transport);
    await dimos("stop", run);
    await expect.poll(() => talk, PATIENT).toBe(`robot (${run}) has ended. Start it again, then connect again\n`);
    await client.close();
  });
});

describe("dimos mcp, of a run without one", () => {
  afterAll(stopAll);

  it("says how to start it with one, and exits with 3", async () => {
    expect(await dimos("mcp", "status")).toMatchObject({ exitCode: 3 });
    const { run } = await daemon("robot");
    for (const args of [["status"], ["list-tools"], ["call", "move", "forward=1"]]) {
      expect(await dimos("mcp", ...args)).toEqual({
        exitCode: 3,
        stdout: "",
        stderr: `Error: robot (${run}) has no McpServer. Start it with one: dimos run robot mcp-server\n`,
      });
    }
  });
});

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Command, dimos } from "./command.ts";
import { daemon, PATIENT, type StartedDaemon, stopAll } from "./daemons.ts";

// Each test starts many processes; a loaded machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

let run: StartedDaemon;

beforeAll(async () => {
  run = await daemon("robot");
});

afterAll(stopAll);

describe("dimos skill (H7)", () => {
  it("lists what the robot can do", async () => {
    expect(await dimos("skill", "list")).toEqual({
      exitCode: 0,
      stdout:
        "move({ forward: number, wall?: boolean })  [Robot]\n  Moves forward.\n" +
        'draw({ kind: "circle" | "line", radius?: number, to?: object })  [Robot]\n  Draws.\n' +
        "wait()  [Robot]\n  Waits until it is aborted.\n",
      stderr:
        'Warning: The skill Robot.remind is not offered, and cannot be called: in its input, a date at "at" cannot be ' +
        "expressed as JSON Schema. Use z.iso.datetime() there, and new Date(text) in the code\n",
    });
    const skills = JSON.parse((await dimos("skill", "list", "--json", "--run", run.run)).stdout);
    expect(skills).toMatchObject([
      { module: "Robot", name: "move", input: { type: "object" } },
      { name: "draw", input: { type: "object", required: ["kind"] } },
      { name: "wait" },
    ]);
  });

  it("calls one with key=value or JSON, shows progress on standard error", async () => {
    const moved = { status: "reached", moved: 2 };
    const { exitCode, stdout, stderr } = await dimos("skill", "call", "move", "forward=2", "wall=false");
    expect([exitCode, JSON.parse(stdout), stderr]).toEqual([0, moved, '{"moved":1}\n']);
    expect(JSON.parse((await dimos("skill", "call", "Robot.move", '{"forward":2}')).stdout)).toEqual(moved);
    expect(JSON.parse((await dimos("call", "Robot.move", "forward=2", "--json")).stdout)).toEqual(moved);
  });

  it("fills in one form of a union, and ends with 1 where a skill is not offered (A6)", async () => {
    expect(JSON.parse((await dimos("skill", "call", "draw", "kind=circle", "radius=1")).stdout)).toEqual({
      kind: "circle",
      radius: 1,
    });
    expect(await dimos("skill", "call", "remind", "at=now")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^Error: The skill Robot\.remind is not offered, .*z\.iso\.datetime\(\)/),
    });
  });

  it("ends with 1 when the robot did not do it", async () => {
    const { exitCode, stdout } = await dimos("skill", "call", "move", "forward=2", "wall=true");
    expect([exitCode, JSON.parse(stdout)]).toEqual([1, { status: "blocked", moved: 0 }]);
  });

  it.each([
    [["move", "{forward:2}"], "Error: The input is not JSON: "],
    [["move", "2"], 'Error: The input of a skill is key=value pairs or one JSON object, got "2"\n'],
    [["move", "forward=far"], 'Error: forward takes a value of type number, got "far"\n'],
    [
      ["move", "foward=2"],
      'Error: Invalid input: there is no field "foward". Did you mean "forward"? It takes: forward, wall',
    ],
    [
      ["draw", '{"kind":"line","to":{"x":1,"y":2,"z":3}}'],
      'Error: Invalid input: to: there is no field "z". It takes: x, y\n',
    ],
    [
      ["draw", "kind=circle", "radius=1", 'to={"x":1,"y":1}'],
      'Error: Invalid input: there is no field "to" where kind is "circle". It takes: kind, radius\n',
    ],
    [["move"], "Error: Invalid input: forward: "],
    [["mvoe"], 'Error: No skill named "mvoe". Did you mean "move"? "dimos skill list" shows them\n'],
  ])("refuses %j with the reason, and exits with 2", async (args, stderr) => {
    const refused = await dimos("skill", "call", ...args);
    expect(refused).toEqual({ exitCode: 2, stdout: "", stderr: expect.stringContaining(stderr) });
  });

  it("is aborted by Ctrl-C and by --timeout", async () => {
    const waiting = new Command(["skill", "call", "wait"]);
    await waiting.says("waiting");
    waiting.child.kill("SIGINT");
    const { exitCode, stderr } = await waiting.finished();
    expect([exitCode, stderr]).toEqual([130, "waiting\nRobot.wait was aborted\n"]);
    const late = await dimos("skill", "call", "wait", "--timeout", "200ms");
    expect(late).toMatchObject({ exitCode: 124, stderr: expect.stringContaining("did not answer within 200 ms") });
    await expect.poll(async () => (await dimos("get", "Robot.aborted")).stdout, PATIENT).toBe("2\n");
  });
});

describe("dimos call and get (H7)", () => {
  it("call a method with JSON arguments", async () => {
    expect(await dimos("call", "Robot.add", "2", "-0.5")).toEqual({ exitCode: 0, stdout: "1.5\n", stderr: "" });
    expect((await dimos("call", "Robot.echo", "a=1", "b=text")).stdout).toBe('{\n  "a": 1,\n  "b": "text"\n}\n');
    expect((await dimos("call", "Robot.echo", '"plain text"')).stdout).toBe("plain text\n");
    expect((await dimos("call", "Robot.echo", '"plain text"', "--json")).stdout).toBe('"plain text"\n');
  });

  it.each([
    [["call", "Robot.add", "2", "two"], 2, "Error: Argument 2 is not JSON"],
    [["call", "Robot.ad"], 2, 'Error: Robot has no method "ad". Did you mean "add"?'],
    [["call", "Robot"], 2, "Error: Robot is a module. Call one of its methods: Robot.add, "],
    [["call", "Robot.fails"], 1, "Error: no such gripper"],
    [["get", "Robot._arm.jionts"], 2, 'Error: Robot._arm has no property "jionts". Did you mean "joints"?'],
    [["get", "Robto._arm"], 2, 'Error: No module named "Robto". Did you mean "Robot"?'],
    [["get", "Robot.add"], 2, "Error: Robot.add is a method. Call it: dimos call Robot.add"],
    [["get", "Robot"], 2, "Error: Say what to read of Robot"],
  ])("%j fails with %d and says why", async (args, exitCode, stderr) => {
    expect(await dimos(...args)).toEqual({ exitCode, stdout: "", stderr: expect.stringContaining(stderr) });
  });

  it("get reads inside the module's process", async () => {
    expect((await dimos("get", "Robot._arm.joints[0]")).stdout).toBe("0.5\n");
    expect((await dimos("get", "Robot._arm", "--json")).stdout).toBe(
      `${JSON.stringify({ joints: [0.5, "NaN"], name: "left" }, undefined, 2)}\n`,
    );
  });
});

describe("dimos --debug-calls", () => {
  it("calls undeclared methods and deep paths of a run that was started with it, and of no other", async () => {
    expect(await dimos("call", "Robot._arm.fold", "90")).toMatchObject({
      exitCode: 2,
      stderr:
        "Error: Robot._arm.fold is not a declared method. To call it all the same: dimos --debug-calls call Robot._arm.fold\n",
    });
    expect(await dimos("--debug-calls", "call", "Robot._arm.fold", "90")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("this run was started without --debug-calls"),
    });
    const before = new Command(["--debug-calls", "run", "robot", "--name", "open"]);
    await before.says("Running open");
    for (const args of [
      ["--debug-calls", "call", "Robot._arm.fold", "90", "--run", "open"],
      ["call", "Robot._arm.fold", "90", "--debug-calls", "--run", "open"],
    ])
      expect(await dimos(...args)).toEqual({ exitCode: 0, stdout: "left folded to 90\n", stderr: "" });
    expect((await dimos("call", "Robot.add", "1", "2", "--debug-calls", "--run", "open")).stdout).toBe("3\n");
    expect(await dimos("--debug-calls", "call", "Robot.stop", "--run", "open")).toMatchObject({ exitCode: 1 });
    await dimos("stop", "open");
    await before.finished();
  });
});

describe("dimos module and topic", () => {
  it("lists and describes modules", async () => {
    expect((await dimos("module", "list")).stdout).toMatch(
      /^MODULE {2}CLASS {2}STATE +RESTARTS {2}WORKER +PID\nRobot +running {2}0 +worker-1 {2}\d+\n$/,
    );
    expect((await dimos("module", "describe", "Robot")).stdout).toMatch(
      /^Robot \(Robot\) running\n(.|\n)* out {3}tick: test\/Tick\n/,
    );
    expect((await dimos("module", "describe", "Robot.add")).stdout).toBe("rpc Robot.add(a, b)\n");
    expect(JSON.parse((await dimos("module", "list", "--json")).stdout)).toMatchObject([{ instance: "Robot" }]);
  });

  it("prints messages of a topic, and their rate", async () => {
    const echo = await dimos("topic", "echo", "tick", "-n", "2");
    expect(echo.stdout).toMatch(/^(\{\n {2}"n": \d+,\n {2}"pixels": "Uint8Array\(100\) \[(0, ){8}…\]"\n\}\n---\n){2}$/);
    const [, json] = (await dimos("topic", "echo", "/tick", "-n2", "--json")).stdout.split("\n");
    expect(JSON.parse(json as string).pixels).toHaveLength(100);
    const { hz } = JSON.parse((await dimos("topic", "hz", "Robot.tick", "-n", "1", "--json")).stdout);
    expect(hz).toBeGreaterThan(20);
    expect(hz).toBeLessThan(60);
    expect(await dimos("topic", "echo", "tock")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('No running module exposes a stream named "tock"'),
    });
  });

  it("needs something that runs", async () => {
    await stopAll();
    for (const args of [
      ["skill", "list"],
      ["call", "Robot.add"],
      ["get", "Robot.x"],
      ["topic", "list"],
      ["module", "list"],
    ])
      expect(await dimos(...args)).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("No running dimos") });
  });
});

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Command, dimos } from "./command.ts";
import { daemon, PATIENT, stopAll } from "./daemons.ts";

// Each test starts many processes; a loaded machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  await daemon("robot");
});

afterAll(stopAll);

async function goals(): Promise<unknown[]> {
  return JSON.parse((await dimos("call", "Robot.goals", "--json")).stdout);
}

describe("dimos topic list", () => {
  it("shows publishers and receivers of every topic, and where there are none", async () => {
    expect((await dimos("topic", "list")).stdout).toBe(
      "TOPIC  MESSAGE    PUBLISHED BY  RECEIVED BY\n" +
        "/goal  test/Goal  nobody        Robot.goal\n" +
        "/tick  test/Tick  Robot.tick    nobody\n",
    );
    expect(JSON.parse((await dimos("topic", "list", "--json")).stdout)[0]).toEqual({
      topic: "/goal",
      messageName: "test/Goal",
      publishers: [],
      subscribers: ["Robot.goal"],
      isFromOutside: false,
    });
  });
});

describe("dimos topic echo and hz", () => {
  it.each(["echo", "hz"])("%s of a stream that nobody has says so, and nothing of the run's end", async (command) => {
    expect(await dimos("topic", command, "tikc", "-n", "1")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: 'Error: No running module exposes a stream named "tikc". Running modules: Robot. Did you mean "/tick"?\n',
    });
  });
});

describe("dimos topic pub", () => {
  it("publishes key=value pairs or JSON once, checked and completed, and says who got it", async () => {
    expect(await dimos("topic", "pub", "goal", "at.x=1.5", "label=the door")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "Published on /goal (test/Goal) to Robot.goal\n",
    });
    const json = await dimos("topic", "pub", "Robot.goal", '{"at":{"x":2,"y":1}}', "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ topic: "/goal", receivers: ["Robot.goal"], readers: 0 });
    await expect.poll(goals, PATIENT).toEqual([
      { at: { x: 1.5, y: 0 }, label: "the door" },
      { at: { x: 2, y: 1 }, label: "" },
    ]);
    expect((await dimos("topic", "list")).stdout).toContain("/goal  test/Goal  outside       Robot.goal\n");
  });

  it("repeats with -n, and with --rate until Ctrl-C; readers outside see it", async () => {
    const before = (await goals()).length;
    const some = await dimos("topic", "pub", "goal", "at.x=3", "-n", "3", "--rate", "50");
    expect(some).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/\nPublished 3 messages\n$/) });
    await expect.poll(goals, PATIENT).toHaveLength(before + 3);
    const echo = new Command(["topic", "echo", "goal", "-n", "2", "--json"]);
    const pub = new Command(["topic", "pub", "goal", "at.x=4", "--rate", "20"]);
    expect((await echo.finished()).stdout).toBe('{"at":{"x":4,"y":0},"label":""}\n'.repeat(2));
    await pub.says("to Robot.goal, 1 reader\n");
    pub.child.kill("SIGINT");
    const { exitCode, stderr } = await pub.finished();
    expect([exitCode, stderr]).toEqual([130, expect.stringMatching(/\nPublished \d+ messages\n$/)]);
  });

  it("warns when nobody listens", async () => {
    const { exitCode, stderr } = await dimos("topic", "pub", "tick", '{"n":1}');
    // Its pixels are binary, which JSON does not have.
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("Invalid test/Tick published on /tick: pixels: ")]);
    await daemon("quiet");
    expect(await dimos("topic", "pub", "spoken", "text=hello", "--run", "quiet")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: 'Warning: nobody receives /spoken (test/Text); "dimos topic list" shows who would\n',
    });
    await dimos("stop", "quiet");
  });

  it.each([
    [["tikc", "x=1"], 'No running module exposes a stream named "tikc". Running modules: Robot. Did you mean "/tick"?'],
    [["goal"], "Say what to publish"],
    [["goal", "{at:1}"], "The message is not JSON"],
    [["goal", "at.x=far"], "Invalid test/Goal published on /goal: at.x: "],
    [["goal", "at.x=1", "--rate", "fast"], '--rate takes messages per second, up to 1000, got "fast"'],
    [["goal", "at.x=1", "-n", "0"], '-n takes a number, got "0"'],
  ])("refuses %j with the reason, and exits with 2", async (args, reason) => {
    const refused = await dimos("topic", "pub", ...args);
    expect(refused).toEqual({ exitCode: 2, stdout: "", stderr: expect.stringContaining(reason) });
  });

  it("ends when the run does", async () => {
    // One of them has nothing to publish for a quarter of an hour.
    const pubs = ["20", "0.001"].map((rate) => new Command(["topic", "pub", "goal", "at.x=5", "--rate", rate]));
    for (const pub of pubs) await pub.says("to Robot.goal");
    await dimos("stop");
    const ended = { exitCode: 1, stderr: expect.stringContaining("The run has ended\n") };
    for (const pub of pubs) expect(await pub.finished()).toMatchObject(ended);
    expect((await dimos("topic", "pub", "goal", "at.x=1")).exitCode).toBe(3);
  });
});

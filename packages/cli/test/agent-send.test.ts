import { afterAll, afterEach, describe, expect, it } from "vitest";
import { Command, dimos } from "./command.ts";
import { daemon, PATIENT, stopAll } from "./daemons.ts";

describe("dimos agent-send", () => {
  afterEach(stopAll);

  it("prints what the agent says, and on standard error what it does, without key or network", async () => {
    const { run } = await daemon("talkative");
    expect(await dimos("agent-send", "walk forward 2 meters, then turn left")).toEqual({
      exitCode: 0,
      stdout: "Moved 2.00 m.\nTurned 90° to the left.\n",
      stderr:
        '→ relativeMove({"forward":2})\n← {"status":"reached","moved":2,"turnedDegrees":0}\n' +
        '→ relativeMove({"degrees":90})\n← {"status":"reached","moved":0,"turnedDegrees":90}\n',
    });
    expect(await dimos("agent-send", "go back 1 m", run)).toMatchObject({
      exitCode: 1,
      stdout: "A wall is in the way. Moved 0.00 m.\n",
    });
    expect(await dimos("agent-send", "frobnicate", "--run", run)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('I did not understand "frobnicate"'),
      stderr: "",
    });
    const { exitCode, stdout } = await dimos("agent-send", "turn right", "--json");
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect([exitCode, events.map(({ kind }) => kind)]).toEqual([
      0,
      ["heard", "called", "progress", "returned", "said", "done"],
    ]);
    expect(events[1]).toMatchObject({ turn: 4, skill: "Walker.relativeMove", input: { degrees: -90 } });
  });

  it("stops the robot with Ctrl-C, after --timeout, and when it is killed, or stopped as with Ctrl-Z (K5)", async () => {
    await daemon("talkative");
    const walking = new Command(["agent-send", "walk forward 11 meters"]);
    const movesUnderWay = async () => (await dimos("get", "Walker.walking")).stdout;
    await expect.poll(movesUnderWay, PATIENT).toBe("1\n");
    walking.child.kill("SIGINT");
    expect(await walking.finished()).toMatchObject({ exitCode: 130, stdout: "Stopped.\n" });
    await expect.poll(movesUnderWay, PATIENT).toBe("0\n");
    expect((await dimos("get", "Walker.stops")).stdout).toBe("1\n");
    expect(await dimos("agent-send", "walk forward 11 meters", "--timeout", "1s")).toMatchObject({
      exitCode: 124,
      stdout: "Stopped.\n",
      stderr: expect.stringContaining("Not done within 1 s: stopping\n"),
    });
    await expect.poll(movesUnderWay, PATIENT).toBe("0\n");
    const killed = new Command(["agent-send", "walk forward 11 meters, then walk 12 meters"]);
    await expect.poll(movesUnderWay, PATIENT).toBe("1\n");
    killed.child.kill("SIGKILL");
    await expect.poll(movesUnderWay, PATIENT).toBe("0\n");
    const stopped = new Command(["agent-send", "walk forward 11 meters, then walk 12 meters"]);
    await expect.poll(movesUnderWay, PATIENT).toBe("1\n");
    stopped.child.kill("SIGSTOP");
    await expect.poll(movesUnderWay, PATIENT).toBe("0\n");
    stopped.child.kill("SIGCONT");
    expect(await stopped.finished()).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringMatching(/Interrupted\. The caller gave no sign of life for 1\.\d s/),
    });
  });

  it("does not wait with --no-wait; a newer message interrupts who does", async () => {
    await daemon("talkative");
    const walking = new Command(["agent-send", "walk forward 11 meters"]);
    await walking.says("→ relativeMove");
    expect(await dimos("agent-send", "stop", "--no-wait")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "Said to Agent\n",
    });
    expect(await walking.finished()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("Interrupted. A newer message came.\n"),
    });
    await expect.poll(async () => (await dimos("get", "Walker.stops")).stdout, PATIENT).toBe("1\n");
  });

  it("says so when the agent goes away while it is waited for", async () => {
    await daemon("talkative");
    const walking = new Command(["agent-send", "walk forward 11 meters"]);
    await walking.says("→ relativeMove");
    expect((await dimos("restart", "--module", "Agent", "--no-reload")).exitCode).toBe(0);
    expect(await walking.finished()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/Error: Agent was restarted|Interrupted/),
    });
  });
});

describe("dimos agent-send, with nobody to hear it", () => {
  afterAll(stopAll);

  it("says what is missing, exit 3", async () => {
    expect(await dimos("agent-send", "hello")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("No running dimos"),
    });
    await daemon("robot");
    expect(await dimos("agent-send", "hello")).toEqual({
      exitCode: 3,
      stdout: "",
      stderr: "Error: No Agent runs here. Start one beside what you run: dimos run <blueprint> agent\n",
    });
    expect(await dimos("agent-send", "  ")).toMatchObject({ exitCode: 2 });
    expect(await dimos("agent-send", "walk", "forward")).toMatchObject({ exitCode: 4 });
  });
});

import { autoconnect, type RunCallOptions } from "@dimos/core";
import { testModule } from "@dimos/core/testing";
import { describe, expect, test } from "vitest";
import { type Chat, chat, outcomeOf, said } from "../test/chat.ts";
import { type Begun, Explorer, Robot, SlowToHalt } from "../test/robot.ts";
import { Agent, type AgentEvent } from "./index.ts";

const begun = (run: { call(instance: string, method: string, args: readonly unknown[]): Promise<unknown> }) =>
  run.call("Robot", "begun", []) as Promise<readonly Begun[]>;

describe("the agent", () => {
  test("hears, calls skills of other modules, and tells what it did", async () => {
    await using talk = await chat();
    const events = await talk.say("Walk forward 2 meters and turn left!");
    expect(events.map(({ kind, text, skill, outcome }) => [kind, text, skill ?? outcome])).toEqual([
      ["heard", "Walk forward 2 meters and turn left!", undefined],
      ["called", 'relativeMove({"forward":2})', "Robot.relativeMove"],
      ["progress", '{"distanceLeft":2}', "Robot.relativeMove"],
      ["returned", '{"status":"reached","moved":2,"turnedDegrees":0}', "Robot.relativeMove"],
      ["said", "Moved 2.00 m.", undefined],
      ["called", 'relativeMove({"degrees":90})', "Robot.relativeMove"],
      ["progress", '{"distanceLeft":0}', "Robot.relativeMove"],
      ["returned", '{"status":"reached","moved":0,"turnedDegrees":90}', "Robot.relativeMove"],
      ["said", "Turned 90° to the left.", undefined],
      ["done", "", "done"],
    ]);
    expect(events[1]?.input).toEqual({ forward: 2 });
    expect(events[3]?.result).toEqual({ status: "reached", moved: 2, turnedDegrees: 0 });
    await expect.poll(() => talk.idle).toEqual([true, false, true]);
  });

  test("a newer message interrupts: the skill is aborted, the next turn goes on at once (I2)", async () => {
    await using talk = await chat();
    const first = talk.say("walk forward 11 meters, then turn around");
    await talk.next(({ kind }) => kind === "progress");
    const second = await talk.say("turn right 45");
    expect(outcomeOf(second)).toBe("done");
    expect(outcomeOf(await first)).toBe("interrupted");
    expect(await talk.run.call("Robot", "aborted", [])).toEqual(["relativeMove"]);
    expect((await begun(talk.run)).map(({ input }) => input)).toMatchObject([{ forward: 11 }, { degrees: -45 }]);
    await expect.poll(() => talk.idle.at(-1)).toBe(true);
  });

  test("of many messages at once the last one is worked on, and each is answered", async () => {
    await using talk = await chat();
    const messages = Array.from({ length: 12 }, (_, index) => `walk forward ${index + 11} meters`);
    for (const message of messages) void talk.write(message);
    await talk.write("how full is the battery");
    await talk.next(({ kind, turn }) => kind === "done" && turn === 13);
    const outcomes = talk.events.filter(({ kind }) => kind === "done").map(({ outcome }) => outcome);
    expect(outcomes).toEqual([...Array<string>(12).fill("interrupted"), "done"]);
    expect(talk.events.find(({ kind, turn }) => kind === "said" && turn === 13)?.text).toBe(
      "The battery is 87 % full (29.1 V).",
    );
  });

  test("stop halts the robot, whatever else is going on, and a later message does not undo that", async () => {
    await using talk = await chat();
    const walking = talk.say("walk forward 11 meters");
    await talk.next(({ kind }) => kind === "progress");
    const stopped = talk.say("STOP!!");
    const turned = talk.say("turn left");
    expect(outcomeOf(await walking)).toBe("interrupted");
    expect([said(await stopped), (await stopped).some(({ skill }) => skill === "Robot.stopMovement")]).toEqual([
      "Stopped.",
      true,
    ]);
    expect(outcomeOf(await turned)).toBe("done");
    expect((await begun(talk.run)).map(({ skill }) => skill)).toEqual(["relativeMove", "stopMovement", "relativeMove"]);
  });

  test("stop says how far the robot came that it halted, and of no walk before that (K5)", async () => {
    await using talk = await chat();
    const walking = talk.say("step left 11 meters");
    await talk.next(({ kind }) => kind === "progress");
    expect(said(await talk.say("stop"))).toBe(
      "Stopped. Moved 1.62 m. It is 9.40 m away. A turn of 40° to the left is still missing.",
    );
    expect(outcomeOf(await walking)).toBe("interrupted");
    expect(said(await talk.say("stop"))).toBe("Stopped.");
    const again = talk.say("step left 11 meters");
    await talk.next(({ kind, turn }) => kind === "progress" && turn === 4);
    await talk.say("turn right");
    expect(said(await talk.say("stop"))).toBe("Stopped.");
    await again;
  });

  test("what fails ends the message, not the agent; what was not done is named", async () => {
    await using talk = await chat();
    const blocked = await talk.say("walk forward 9 m, turn left, take a picture");
    expect([said(blocked), outcomeOf(blocked)]).toEqual([
      'A wall is in the way. Moved 1.20 m. I did not go on with "turn left", "take a picture".',
      "failed",
    ]);
    const broken = await talk.say("call breaks");
    expect(broken.map(({ kind, text }) => [kind, text])).toEqual([
      ["heard", "call breaks"],
      ["called", "breaks({})"],
      ["failed", "The gripper is stuck."],
      ["said", "That did not work: The gripper is stuck."],
      ["done", ""],
    ]);
    expect(outcomeOf(await talk.say("turn left"))).toBe("done");
  });

  test("a message that is only half understood moves nothing", async () => {
    await using talk = await chat();
    const events = await talk.say("walk forward 2 m and frobnicate the door");
    expect(said(events)).toMatch(
      /^I did not understand "frobnicate the door", and have done nothing\. I am an offline command parser, not an LLM\. Try "walk forward 2 meters", /,
    );
    expect(said(await talk.say("wlak forward two metres"))).toContain('Did you mean "walk forward 2 m"?');
    expect(said(await talk.say("go to the kitchen"))).toBe(
      'The skill "navigateTo" does not take "place" here. I have done nothing.',
    );
    expect(said(await talk.say("turn left and explore"))).toMatch(
      /^For that I need a skill "beginExploration", and there is none in this run\. There are relativeMove, .* I have done nothing\.$/,
    );
    expect(outcomeOf(await talk.say("x".repeat(20_000)))).toBe("failed");
    expect(outcomeOf(await talk.say("   "))).toBe("failed");
    expect(await begun(talk.run)).toEqual([]);
  });

  test("a turn of more than half a circle is one turn: errors of its parts would add up", async () => {
    await using talk = await chat();
    expect(outcomeOf(await talk.say("turn right 270"))).toBe("done");
    expect((await begun(talk.run)).map(({ input }) => input)).toMatchObject([{ degrees: -270 }]);
    expect(said(await talk.say("walk forward 1 m and turn left 1081 degrees"))).toBe(
      'The skill "relativeMove" takes degrees up to 1080, and not 1081. I have done nothing.',
    );
    expect(await begun(talk.run)).toHaveLength(1);
  });

  test("where it came from it does not know, and does not walk backwards for that", async () => {
    await using talk = await chat();
    expect(said(await talk.say("walk forward 2 m and come back"))).toBe(
      'I do not know where "come back" leads: I do not remember where I came from. Say how far, as in "walk backwards 1 m". I have done nothing.',
    );
    expect(outcomeOf(await talk.say("go back"))).toBe("failed");
    expect(await begun(talk.run)).toEqual([]);
  });

  test("an emergency stop is latched, and only a person resets it (I5)", async () => {
    await using talk = await chat();
    const walking = talk.say("walk forward 11 meters");
    await talk.next(({ kind }) => kind === "progress");
    expect(said(await talk.say("E-stop!"))).toBe(
      'The emergency stop is latched: nothing moves until a person resets it with "dimos estop --reset".',
    );
    expect(outcomeOf(await walking)).toBe("interrupted");
    expect(talk.run.estopState).toMatchObject({ latched: true, reason: 'said to the agent: "E-stop!"' });
    expect(said(await talk.say("turn left"))).toMatch(/said to the agent: "E-stop!"/);
    expect(said(await talk.say("reset the emergency stop"))).toBe(
      'I cannot reset an emergency stop. A person looks at the robot first, then resets it with "dimos estop --reset". I have done nothing.',
    );
    expect(talk.run.estopState.latched).toBe(true);
    await talk.run.resetEstop();
    expect(said(await talk.say("turn left, then emergency stop"))).toMatch(/Turned 90.* The emergency stop is latched/);
    expect(talk.run.estopState.latched).toBe(true);
  });

  test("what is held by something in the background is named, with how to end it (I3)", async () => {
    await using talk = await chat({}, autoconnect(Robot.blueprint(), Explorer.blueprint()));
    const begin = await talk.say("explore");
    expect(said(begin)).toBe('beginExploration has begun, and goes on by itself. Say "stop" to end it.');
    const refused = said(await talk.say("turn left"));
    expect(refused).toMatch(/^That did not work: "movement" is held by Explorer\.beginExploration/);
    expect(refused).toMatch(/ Say "stop" to end that\.$/);
    expect(said(await talk.say("stop"))).toBe("Stopped.");
    expect(outcomeOf(await talk.say("turn left"))).toBe("done");
  });

  test("calls any skill by its name, with key=value or JSON, and says what is wrong with that", async () => {
    await using talk = await chat();
    for (const call of [
      "call Robot.relativeMove forward=1",
      "relativeMove degrees=-90",
      'call relativeMove {"left": 0.5}',
      'call navigateTo x="3" y=-2.5',
    ])
      expect([call, outcomeOf(await talk.say(call))]).toEqual([call, "done"]);
    expect((await begun(talk.run)).map(({ input }) => input)).toEqual([
      { forward: 1, left: 0, degrees: 0 },
      { forward: 0, left: 0, degrees: -90 },
      { forward: 0, left: 0.5, degrees: 0 },
      { x: 3, y: -2.5 },
    ]);
    const wrong: [string, string | RegExp][] = [
      ["call", 'Say which skill: "call relativeMove forward=1".'],
      ["call relativeMvoe forward=1", 'There is no skill "relativeMvoe". Did you mean "relativeMove"?'],
      ["call relativeMove foward=1", 'relativeMove does not take "foward". Did you mean "forward"?'],
      ["call relativeMove forward=far", 'forward takes a value of type number, got "far"'],
      ["call relativeMove fast", 'The input of a skill is key=value pairs, or one JSON object; I got "fast".'],
      ["call relativeMove {forward:1}", /^The input is not JSON: /],
      ["call navigateTo x=1", /^That did not work: Invalid input: y: /],
    ];
    for (const [call, sentence] of wrong) {
      const events = await talk.say(call);
      expect([call, outcomeOf(events)]).toEqual([call, "failed"]);
      expect(said(events)).toMatch(sentence);
    }
    expect(await begun(talk.run)).toHaveLength(4);
  });

  test("says what it is, and what it can do here", async () => {
    await using talk = await chat();
    const help = said(await talk.say("What can you do?"));
    expect(help).toMatch(/^I am an offline command parser, not an LLM: /);
    expect(help).toContain('"go to x 3 y 2"');
    expect(help).not.toContain("kitchen");
    expect(help).toContain("Skills: relativeMove, navigateTo, stopMovement, observe, batteryStateOfCharge, breaks.");
  });

  test("tells of a picture in words, without its bytes", async () => {
    await using talk = await chat();
    const events = await talk.say("what do you see?");
    expect(said(events)).toBe(
      "I took a picture (image/png, 2 kB, 64 × 36 pixels). What is on it I cannot tell: I am an offline command parser, not an LLM.",
    );
    expect(events.find(({ kind }) => kind === "returned")?.result).toEqual({
      mimeType: "image/png",
      data: "(image/png, 2 kB)",
      width: 64,
      height: 36,
    });
  });

  test("sees modules that come later, and asks which of several robots is meant", async () => {
    await using talk = await chat({}, Robot.blueprint().namespace("robot0"));
    expect(outcomeOf(await talk.say("turn left"))).toBe("done");
    await talk.run.loadBlueprint(Robot.blueprint().namespace("robot1"));
    expect(said(await talk.say("turn left"))).toBe(
      'Several robots can do that: robot0, robot1. Say which one first, as in "robot0: walk forward 2 meters". I have done nothing.',
    );
    expect(outcomeOf(await talk.say("robot1: walk forward 1 m, then robot0 turn right"))).toBe("done");
    const inputs = async (robot: string) =>
      ((await talk.run.call(robot, "begun", [])) as readonly Begun[]).map(({ input }) => input);
    expect(await inputs("robot1/Robot")).toMatchObject([{ forward: 1 }]);
    expect(await inputs("robot0/Robot")).toMatchObject([{ degrees: 90 }, { degrees: -90 }]);
    expect(said(await talk.say("stop"))).toBe("Stopped.");
    expect((await inputs("robot1/Robot")).length + (await inputs("robot0/Robot")).length).toBe(5);
  });

  test("an agent means the robot of its own namespace", async () => {
    await using talk = await chat({}, autoconnect(Robot.blueprint()));
    await talk.run.loadBlueprint(Robot.blueprint().namespace("robot1"));
    expect(outcomeOf(await talk.say("turn left"))).toBe("done");
    expect(await begun(talk.run)).toHaveLength(1);
  });
});

describe("hear", () => {
  const hear = (run: Chat["run"], text: unknown, options: RunCallOptions = {}) =>
    run.call("Agent", "hear", [text], options);

  test("answers with the outcome of its turn, and reports the events of no other one", async () => {
    await using talk = await chat();
    const events: unknown[] = [];
    const walking = talk.say("walk forward 11 meters");
    await talk.next(({ kind }) => kind === "progress");
    const outcome = await hear(talk.run, "turn left", { onProgress: (event) => void events.push(event) });
    expect(outcome).toBe("done");
    expect(outcomeOf(await walking)).toBe("interrupted");
    await expect.poll(() => talk.events.filter(({ turn }) => turn === 2)).toEqual(events);
    expect(await hear(talk.run, "walk forward 9 m")).toBe("failed");
    await expect(hear(talk.run, 7)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("refuses what is said before it has started", async () => {
    await using agent = await testModule(Agent);
    await expect(agent.module.hear("turn left")).rejects.toMatchObject({ code: "AGENT_NOT_STARTED" });
    await agent.start();
    expect(await agent.module.hear("turn left")).toBe("failed");
  });

  test("K5 stops what it does when its caller is gone, and does nothing further", async () => {
    await using talk = await chat();
    const gone = new AbortController();
    const walking = hear(talk.run, "walk forward 11 meters, then turn left", { signal: gone.signal });
    await talk.next(({ kind }) => kind === "progress");
    gone.abort();
    await expect(walking).rejects.toMatchObject({ code: "CALL_ABORTED" });
    const done = await talk.next(({ kind }) => kind === "done");
    expect(done).toMatchObject({ outcome: "interrupted", text: expect.stringContaining("abort") });
    expect(await talk.run.call("Robot", "aborted", [])).toEqual(["relativeMove"]);
    expect(await begun(talk.run)).toHaveLength(1);
    expect(outcomeOf(await talk.say("turn left"))).toBe("done");
  });

  test("halts the robot also when the caller that said stop is gone meanwhile", async () => {
    await using talk = await chat({}, SlowToHalt.blueprint());
    const gone = new AbortController();
    const onProgress = (event: unknown) => (event as AgentEvent).kind === "progress" && gone.abort();
    await expect(hear(talk.run, "stop", { signal: gone.signal, onProgress })).rejects.toMatchObject({
      code: "CALL_ABORTED",
    });
    await talk.next(({ kind }) => kind === "done");
    expect(await talk.run.call("SlowToHalt", "isHalted", [])).toBe(true);
  });
});

import { describe, expect, test } from "vitest";
import { type Chat, chat, outcomeOf, said } from "../../test/chat.ts";
import type { Begun } from "../../test/robot.ts";
import { type ChatRequest, type Reply, type ScriptedApi, scriptedApi } from "../../test/scripted-api.ts";

const KEY = "sk-not-to-be-shown";
type Settings = Parameters<typeof chat>[0];

interface Talk extends Chat {
  readonly api: ScriptedApi;
}

/** A run whose agent asks a scripted server over HTTP. */
async function talkWith(script: readonly Reply[], settings: Settings = {}): Promise<Talk> {
  const api = await scriptedApi(...script);
  const talk = await chat({
    model: "openai-compatible:scripted",
    baseUrl: api.baseUrl,
    apiKey: KEY,
    modelRetries: 0,
    ...settings,
  });
  return {
    ...talk,
    api,
    [Symbol.asyncDispose]: async () => {
      await talk[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

const begun = async (talk: Talk) => (await talk.run.call("Robot", "begun", [])) as readonly Begun[];
const request = ({ api }: Talk, index: number) => api.requests[index]?.body as ChatRequest;
const kinds = (events: readonly { kind: string; text: string }[]) =>
  events.filter(({ kind }) => kind !== "progress").map(({ kind, text }) => [kind, text]);

describe("a language model", () => {
  test("is told the skills, calls them one after the other, and hears what came of that", async () => {
    await using talk = await talkWith([
      { text: "I walk first.", calls: [{ name: "relativeMove", input: { forward: 2 } }] },
      {
        calls: [
          { name: "relativeMove", input: { degrees: 90 } },
          { name: "batteryStateOfCharge", input: {} },
        ],
      },
      { text: "I walked 2 m and turned; the battery is at 87 %." },
    ]);
    const events = await talk.say("Walk two metres, turn left, how is the battery?");
    expect(kinds(events)).toEqual([
      ["heard", "Walk two metres, turn left, how is the battery?"],
      ["said", "I walk first."],
      ["called", 'relativeMove({"forward":2})'],
      ["returned", '{"status":"reached","moved":2,"turnedDegrees":0}'],
      ["called", 'relativeMove({"degrees":90})'],
      ["returned", '{"status":"reached","moved":0,"turnedDegrees":90}'],
      ["called", "batteryStateOfCharge({})"],
      ["returned", '{"percent":87.4,"voltage":29.13}'],
      ["said", "I walked 2 m and turned; the battery is at 87 %."],
      ["done", ""],
    ]);
    const first = request(talk, 0);
    expect([first.model, talk.api.requests[0]?.key]).toEqual(["scripted", `Bearer ${KEY}`]);
    expect(first.messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(first.tools?.map(({ function: { name } }) => name)).toEqual([
      "emergency_stop",
      "relativeMove",
      "navigateTo",
      "stopMovement",
      "observe",
      "batteryStateOfCharge",
      "breaks",
    ]);
    expect(first.tools?.[2]?.function.parameters).toMatchObject({ type: "object", required: ["x", "y"] });
    expect(
      request(talk, 2)
        .messages.slice(2)
        .map(({ role, content, tool_call_id }) => [role, tool_call_id ?? content]),
    ).toEqual([
      ["assistant", "I walk first."],
      ["tool", "call-1-0"],
      ["assistant", null],
      ["tool", "call-2-0"],
      ["tool", "call-2-1"],
    ]);
    expect(request(talk, 2).messages.at(-1)?.content).toBe('{"percent":87.4,"voltage":29.13}');
  });

  test("may latch the emergency stop, in whatever words it is asked for, and cannot reset it", async () => {
    await using talk = await talkWith([{ calls: [{ name: "emergency_stop", input: {} }] }, { text: "Angehalten." }]);
    const events = await talk.say("Not-Aus!");
    expect(kinds(events).slice(1)).toEqual([
      ["said", 'The emergency stop is latched: nothing moves until a person resets it with "dimos estop --reset".'],
      ["said", "Angehalten."],
      ["done", ""],
    ]);
    expect(talk.run.estopState).toMatchObject({ latched: true, reason: 'said to the agent: "Not-Aus!"' });
    expect(JSON.parse(request(talk, 1).messages.at(-1)?.content as string)).toMatchObject({ estop: { latched: true } });
  });

  test("remembers what was said before", async () => {
    await using talk = await talkWith([{ text: "Hello Ada." }, { text: "Ada." }]);
    await talk.say("I am Ada.");
    await talk.say("Who am I?");
    expect(
      request(talk, 1)
        .messages.slice(1)
        .map(({ role, content }) => [role, content]),
    ).toEqual([
      ["user", "I am Ada."],
      ["assistant", "Hello Ada."],
      ["user", "Who am I?"],
    ]);
  });

  test("that answers with an error is spoken of, without its key, and asked again for the next message", async () => {
    await using talk = await talkWith([
      { status: 500, message: `The engine with ${KEY} is broken` },
      { status: 401, message: `Incorrect API key provided: ${KEY}` },
      { text: "Here I am." },
    ]);
    const broken = await talk.say("hello");
    expect(kinds(broken).slice(1)).toEqual([
      ["failed", "The model openai-compatible:scripted failed: The engine with *** is broken"],
      ["done", ""],
    ]);
    expect(outcomeOf(broken)).toBe("failed");
    expect(outcomeOf(await talk.say("hello?"))).toBe("failed");
    expect(said(await talk.say("hello?!"))).toBe("Here I am.");
    expect(JSON.stringify(talk.events)).not.toContain(KEY);
  });

  test("is asked again by itself when the error may pass", async () => {
    await using talk = await talkWith([{ status: 503, message: "busy" }, { text: "Now." }], { modelRetries: 1 });
    expect(said(await talk.say("hello"))).toBe("Now.");
  });

  test("that calls what is not there, or with what makes no sense, is told so and may try again", async () => {
    await using talk = await talkWith([
      { calls: [{ name: "fly", input: {} }] },
      { calls: [{ name: "relativeMove", input: '{"forward": 2' }] },
      { calls: [{ name: "relativeMove", input: { forward: "far" } }] },
      { calls: [{ name: "breaks", input: {} }] },
      { text: "I give up." },
    ]);
    const events = await talk.say("fly!");
    expect([said(events), outcomeOf(events)]).toEqual(["I give up.", "done"]);
    expect(await begun(talk)).toEqual([]);
    expect(events.filter(({ kind }) => kind === "failed").map(({ text }) => text)).toEqual([
      'There is no tool "fly".',
      expect.stringMatching(/^The call of relativeMove was malformed: /),
      expect.stringMatching(/^Invalid input: forward: /),
      "The gripper is stuck.",
    ]);
    const answers = request(talk, 4).messages.filter(({ role }) => role === "tool");
    expect(answers.map(({ tool_call_id }) => tool_call_id)).toEqual(["call-1-0", "call-2-0", "call-3-0", "call-4-0"]);
    expect(answers.map(({ content }) => content)).toEqual([
      'There is no tool "fly".',
      expect.stringContaining("malformed"),
      expect.stringContaining("Invalid input"),
      "The gripper is stuck.",
    ]);
  });

  test("that is slow is left for a newer message, and is told what became of the call under way", async () => {
    await using talk = await talkWith([
      "silence",
      { calls: [{ name: "relativeMove", input: { forward: 11 } }] },
      { text: "Turning instead." },
    ]);
    const first = talk.say("hello");
    await expect.poll(() => talk.api.requests.length).toBe(1);
    const second = talk.say("walk far");
    await talk.next(({ kind }) => kind === "progress");
    const third = await talk.say("no, turn");
    expect([outcomeOf(await first), outcomeOf(await second), outcomeOf(third)]).toEqual([
      "interrupted",
      "interrupted",
      "done",
    ]);
    await expect.poll(() => talk.api.abandoned).toBe(1);
    expect(await talk.run.call("Robot", "aborted", [])).toEqual(["relativeMove"]);
    expect(
      request(talk, 2)
        .messages.slice(1)
        .map(({ role, content }) => [role, content ?? null]),
    ).toEqual([
      ["user", "hello"],
      ["assistant", "(This was interrupted here.)"],
      ["user", "walk far"],
      ["assistant", null],
      ["tool", "This was interrupted before it was done."],
      ["assistant", "(This was interrupted here.)"],
      ["user", "no, turn"],
    ]);
  });

  test("is not asked when somebody says stop: the robot halts at once", async () => {
    await using talk = await talkWith([{ calls: [{ name: "relativeMove", input: { forward: 11 } }] }, "silence"]);
    const walking = talk.say("walk far");
    await talk.next(({ kind }) => kind === "progress");
    expect(said(await talk.say("Stop!"))).toBe("Stopped.");
    expect(outcomeOf(await walking)).toBe("interrupted");
    expect((await begun(talk)).map(({ skill }) => skill)).toEqual(["relativeMove", "stopMovement"]);
    expect(talk.api.requests).toHaveLength(1);
    const thinking = talk.say("think about it");
    await expect.poll(() => talk.api.requests.length).toBe(2);
    expect(said(await talk.say("stop"))).toBe("Stopped.");
    expect(outcomeOf(await thinking)).toBe("interrupted");
  });

  test("that does not answer in time is given up", async () => {
    await using talk = await talkWith(["silence", { text: "Back." }], { modelTimeoutMs: 200 });
    const events = await talk.say("hello");
    expect(kinds(events)[1]).toEqual(["failed", "The model openai-compatible:scripted did not answer within 0.2 s."]);
    expect(said(await talk.say("hello?"))).toBe("Back.");
  });

  test("that never comes to an end is stopped after maxSteps", async () => {
    const turn: Reply = { calls: [{ name: "relativeMove", input: { degrees: 10 } }] };
    await using talk = await talkWith([turn, turn, turn, turn], { maxSteps: 3 });
    const events = await talk.say("turn for ever");
    expect([outcomeOf(events), said(events)]).toEqual([
      "failed",
      "I stopped after 3 steps (maxSteps). Tell me to go on if I should.",
    ]);
    expect(await begun(talk)).toHaveLength(3);
  });

  test("that can see is shown pictures, while they are new; one that cannot is told of them in words", async () => {
    const script: Reply[] = [
      { calls: [{ name: "observe", input: {} }] },
      { text: "A wall." },
      { text: "It was a wall." },
    ];
    await using seeing = await talkWith(script, { vision: true });
    await seeing.say("what do you see?");
    await seeing.say("what was that?");
    const shown = request(seeing, 1).messages.at(-1)?.content as { type: string; image_url?: { url: string } }[];
    expect(shown.map(({ type }) => type)).toEqual(["text", "image_url"]);
    const [, base64 = ""] = shown[1]?.image_url?.url.split("data:image/png;base64,") ?? [];
    expect([...Buffer.from(base64, "base64").subarray(0, 4)]).toEqual([137, 80, 78, 71]);
    expect(JSON.stringify(request(seeing, 2))).not.toContain("base64");
    await using blind = await talkWith(script);
    await blind.say("what do you see?");
    expect(JSON.stringify(request(blind, 1))).not.toContain("base64");
    expect(request(blind, 1).messages.at(-1)?.content).toBe(
      '{"mimeType":"image/png","data":"(image/png, 2 kB)","width":64,"height":36}',
    );
  });

  test("forgets the oldest turns when there are too many, and never half of one", async () => {
    const script: Reply[] = Array.from({ length: 8 }, (_, index) => ({ text: `answer ${index} ${"x".repeat(300)}` }));
    await using talk = await talkWith(script, { historyMessages: 4 });
    for (let index = 0; index < 5; index++) await talk.say(`question ${index}`);
    expect(
      request(talk, 4)
        .messages.slice(1)
        .map(({ content }) => String(content).slice(0, 10)),
    ).toEqual(["question 2", "answer 2 x", "question 3", "answer 3 x", "question 4"]);
    await using brief = await talkWith(script, { historyCharacters: 1000 });
    for (let index = 0; index < 5; index++) await brief.say(`question ${index}`);
    expect(request(brief, 4).messages.slice(1)).toHaveLength(5);
  });
});

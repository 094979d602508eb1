import type { EstopReport } from "@dimos/core";
import { expect, test } from "vitest";
import type { AgentEvent } from "./agent-event.ts";
import type { Brain } from "./brain.ts";
import { Conversation } from "./conversation.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };

const latched = async (reason: string) => ({
  estop: { latched: true as const, reason, since: 0 },
  halted: [],
  unconfirmed: [],
});

function talkTo(answer: Brain["answer"], estop: (reason: string) => Promise<EstopReport> = latched) {
  const told: unknown[] = [];
  const stop = new AbortController();
  const conversation = new Conversation({
    brain: { label: "a brain of this test", answer },
    skills: { list: async () => [], call: async () => undefined, estop },
    log: SILENT,
    signal: stop.signal,
    nowMs: () => 1500,
    publish: ({ turn, kind, text, outcome }: AgentEvent) =>
      told.push([turn, kind, text, ...(outcome === undefined ? [] : [outcome])]),
    setIdle: (isIdle) => told.push(isIdle ? "idle" : "busy"),
  });
  return { conversation, told, stop };
}

test("a brain that takes no notice of an interruption holds up nobody, and is not listened to any more", async () => {
  const begun = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  const { conversation, told } = talkTo(async (turn) => {
    if (turn.text === "second") return turn.say("here");
    begun.resolve();
    await late.promise;
    turn.say("too late");
  });
  const first = conversation.hear("first");
  await begun.promise;
  await conversation.hear("second");
  await first;
  late.resolve();
  await late.promise;
  expect(told).toEqual([
    "busy",
    [1, "heard", "first"],
    [1, "done", "A newer message came.", "interrupted"],
    "busy",
    [2, "heard", "second"],
    [2, "said", "here"],
    [2, "done", "", "done"],
    "idle",
  ]);
});

test("a brain that throws ends its turn and nothing else, whatever it throws", async () => {
  const { conversation, told } = talkTo(async ({ text }) => {
    throw text === "nothing" ? undefined : new Error(text);
  });
  await conversation.hear("no");
  await conversation.hear("nothing");
  expect(told.filter((event) => Array.isArray(event) && event[1] !== "heard")).toEqual([
    [1, "failed", "no"],
    [1, "done", "", "failed"],
    [2, "failed", "undefined"],
    [2, "done", "", "failed"],
  ]);
});

test("the end of the agent interrupts the turn under way", async () => {
  const { conversation, told, stop } = talkTo(() => new Promise(() => {}));
  const turn = conversation.hear("hello");
  stop.abort(new Error("Agent is stopping"));
  await turn;
  expect(told).toContainEqual([1, "done", "Agent is stopping", "interrupted"]);
});

test("an emergency stop waits for no turn, and no brain hears of it", async () => {
  const order: string[] = [];
  const begun = Promise.withResolvers<void>();
  const { conversation, told, stop } = talkTo(
    async ({ text }) => {
      order.push(text);
      begun.resolve();
      await new Promise(() => {});
    },
    async (reason) => {
      order.push(reason);
      return latched(reason);
    },
  );
  const first = conversation.hear("walk");
  await begun.promise;
  const second = conversation.hear("E-STOP!");
  expect(order).toEqual(["walk", 'said to the agent: "E-STOP!"']);
  await Promise.all([first, second]);
  expect(told.slice(-4)).toEqual([
    [2, "heard", "E-STOP!"],
    [2, "said", 'The emergency stop is latched: nothing moves until a person resets it with "dimos estop --reset".'],
    [2, "done", "", "done"],
    "idle",
  ]);
  stop.abort();
});

test("an emergency stop that did not reach everything says so, and the rest of its message is not done", async () => {
  const { conversation, told } = talkTo(
    async () => {
      throw new Error("not asked");
    },
    async (reason) => ({
      ...(await latched(reason)),
      unconfirmed: [
        { worker: "worker-1", modules: [], killed: true },
        { worker: "worker-2", modules: [], killed: false },
      ],
    }),
  );
  await conversation.hear("emergency stop and turn left");
  expect(told.slice(2, -1)).toEqual([
    [1, "said", 'The emergency stop is latched: nothing moves until a person resets it with "dimos estop --reset".'],
    [1, "said", "worker-2 did not confirm it. Look at the robot, and use its own switch if it moves."],
    [1, "said", "I have not done the rest of that."],
    [1, "done", "", "failed"],
  ]);
});

test("an emergency stop that nothing confirmed is said to be none, and the robots are halted by their skills", async () => {
  const { conversation, told } = talkTo(
    async () => {},
    async () => {
      throw new Error("Nothing confirmed.");
    },
  );
  await conversation.hear("emergency stop");
  expect(told.slice(2, -1)).toEqual([
    [
      1,
      "said",
      'The emergency stop could not be latched: Nothing confirmed. Use the switch of the robot, or "dimos estop".',
    ],
    [1, "said", "I have stopped what I was doing. No skill here halts the robot."],
    [1, "done", "", "failed"],
  ]);
});

test("nothing is gone on with for a speaker who has hung up", async () => {
  const begun = Promise.withResolvers<AbortSignal>();
  const { conversation } = talkTo(async ({ signal }) => {
    begun.resolve(signal);
    await new Promise(() => {});
  });
  const hangUp = new AbortController();
  const turn = conversation.hear("walk forward 100 m", { signal: hangUp.signal });
  const signal = await begun.promise;
  expect(signal.aborted).toBe(false);
  hangUp.abort(new Error("gone"));
  expect(await turn).toBe("interrupted");
  expect(signal.aborted).toBe(true);
});

test("neither a newer message nor the end of the speaker keeps the robot from being halted", async () => {
  const asked = Promise.withResolvers<AbortSignal | undefined>();
  const stopped = Promise.withResolvers<void>();
  const skill = { name: "stopMovement", description: "", input: {}, uses: [], lifecycle: "instant" } as const;
  const tool = {
    tool: "stopMovement",
    instance: "Legs",
    skill: { ...skill, endedBy: undefined, timeoutMs: undefined },
  };
  const conversation = new Conversation({
    brain: { label: "a brain of this test", answer: async () => {} },
    skills: {
      list: async () => [tool],
      call: async (_tool, _input, { signal }) => {
        asked.resolve(signal);
        await stopped.promise;
      },
      estop: latched,
    },
    log: SILENT,
    signal: new AbortController().signal,
    nowMs: () => 0,
    publish: () => {},
    setIdle: () => {},
  });
  const hangUp = new AbortController();
  void conversation.hear("stop", { signal: hangUp.signal });
  const signal = await asked.promise;
  hangUp.abort();
  const newer = conversation.hear("what time is it");
  await new Promise((resolve) => setImmediate(resolve));
  expect(signal?.aborted).toBe(false);
  stopped.resolve();
  expect(await newer).toBe("done");
});

import { expect, test } from "vitest";
import type { AgentEvent } from "./agent-event.ts";
import type { Brain } from "./brain.ts";
import { Conversation } from "./conversation.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };

function talkTo(answer: Brain["answer"]) {
  const told: unknown[] = [];
  const stop = new AbortController();
  const conversation = new Conversation({
    brain: { label: "a brain of this test", answer },
    skills: { list: async () => [], call: async () => undefined },
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

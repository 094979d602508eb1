import { expect, it } from "vitest";
import { z } from "zod";
import { message } from "../message.ts";
import { In } from "./in.ts";
import { Refusals } from "./refusals.ts";
import { Topic } from "./topic.ts";

const Speed = message("test/Speed", z.object({ mps: z.number() }), {
  check: ({ mps }) => (Number.isFinite(mps) ? undefined : `mps is ${mps}`),
});

it("a message with a fault reaches no subscriber, no handler and no latest, and the port says which field it is", async () => {
  const topic = new Topic("/speed", Speed.name, true);
  const told: string[] = [];
  const errors: unknown[] = [];
  const input = new In("speed", Speed, {
    qos: Speed.qos,
    signal: new AbortController().signal,
    onError: (error) => errors.push(error),
    onRefused: (name, fault) => told.push(`${name}: ${fault}`),
  });
  input.attach(topic);
  const heard: number[] = [];
  input.subscribe(({ mps }) => heard.push(mps));
  const next = input.next();
  const leave = input.onRefused((fault) => {
    throw new Error(fault);
  });
  await topic.publish({ mps: Number.NaN });
  await topic.publish({ mps: 1 });
  leave();
  await topic.publish({ mps: Number.POSITIVE_INFINITY });
  expect({ heard, latest: input.latest(), next: await next }).toEqual({
    heard: [1],
    latest: { mps: 1 },
    next: { mps: 1 },
  });
  expect(input.refused).toBe(2);
  expect(told).toEqual(["/speed: mps is NaN", "/speed: mps is Infinity"]);
  expect(errors).toEqual([new Error("mps is NaN")]);
});

it("a stream of faults is one line every ten seconds, with their number", () => {
  const refusals = new Refusals("Planner");
  const lines = Array.from({ length: 1000 }, (_, i) => refusals.next("/odom", "x is NaN", i * 20));
  expect(lines.flatMap((line, i) => (line === undefined ? [] : [[i * 20, line]]))).toEqual([
    [0, "Planner leaves out a message on /odom: x is NaN"],
    [10_000, "Planner leaves out a message on /odom, as 499 others since: x is NaN"],
  ]);
});

it("what a port expects beyond its type is a reason too, and who waits for the next message hears it", async () => {
  const topic = new Topic("/speed", Speed.name, true);
  const input = new In("speed", Speed, {
    qos: Speed.qos,
    signal: new AbortController().signal,
    onError: (error) => {
      throw error;
    },
    check: (message) => ((message as { mps: number }).mps > 1 ? "mps is above 1" : undefined),
  });
  input.attach(topic);
  const asked: unknown[] = [];
  const leave = input.onRefused((fault, message) => asked.push([fault, message]));
  const next = input.next({ timeoutMs: 50 });
  await topic.publish({ mps: Number.NaN });
  await topic.publish({ mps: 2 });
  expect({ latest: input.latest(), fault: input.fault, refused: input.refused }).toEqual({
    latest: undefined,
    fault: "mps is above 1",
    refused: 2,
  });
  expect(asked).toEqual([
    ["mps is NaN", { mps: Number.NaN }],
    ["mps is above 1", { mps: 2 }],
  ]);
  leave();
  await expect(next).rejects.toMatchObject({
    code: "STREAM_TIMEOUT",
    message: 'No message arrived on "speed" within 50 ms that could be used; 2 were left out: mps is above 1',
  });
  await topic.publish({ mps: 1 });
  expect({ latest: input.latest(), fault: input.fault }).toEqual({ latest: { mps: 1 }, fault: undefined });
  await expect(input.next({ timeoutMs: 1 })).rejects.toThrow(/^No message arrived on "speed" within 1 ms$/);
});

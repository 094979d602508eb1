import { describe, expect, it, vi } from "vitest";
import { run } from "../../test/run.ts";
import { SlowListener } from "../../test/slow-listener.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { planLoad } from "../coordinator/plan.ts";
import { wiringOf } from "../coordinator/wiring.ts";
import { BlueprintError } from "../errors.ts";
import { autoconnect } from "./autoconnect.ts";
import type { Blueprint } from "./blueprint.ts";

async function wiredQos(blueprint: Blueprint, instance: string) {
  const { entries } = await planLoad(blueprint);
  const placed = entries.map((plan) => ({ plan, worker: "w1" }));
  const module = placed.find(({ plan }) => plan.instance === instance);
  const ports = wiringOf(module as (typeof placed)[number], placed, {
    dataSockets: new Map(),
    outside: new Map(),
    transport: "auto",
  });
  return Object.fromEntries(ports.map(({ port, qos }) => [port, qos]));
}

it("changes the QoS that an input is wired with, of every instance a class means (C1)", async () => {
  const plain = autoconnect(Counter.blueprint(), Listener.blueprint());
  const changed = plain.qos([
    [Listener, "count", { keep: "latest" }],
    ["Listener", "count", { maxAgeMs: 200 }],
  ]);
  expect(await wiredQos(changed.namespace("robot0"), "robot0/Listener")).toEqual({
    count: { keep: "latest", depth: 16, maxAgeMs: 200 },
    cloud: { keep: "latest" },
    map: { keep: "latest", latched: true },
  });
  expect((await wiredQos(plain, "Listener")).count).toEqual({ keep: "queue", depth: 16 });
});

describe.each([0, 2])("a running input, with nWorkers %i", (nWorkers) => {
  it.each([
    ["as its message type says", [], [1, 2, 3, 4, 5, 6]],
    ["as the blueprint says", [[SlowListener, "count", { keep: "latest" }] as const], [1, 6]],
  ])("keeps messages %s while its subscriber is busy", async (_, qos, expected) => {
    const blueprint = autoconnect(Counter.blueprint(), SlowListener.blueprint()).qos(qos);
    await using system = await run(blueprint, { nWorkers });
    const call = (method: string) => system.call("SlowListener", method, []);
    await system.call("Counter", "emit", [1, 1]);
    await vi.waitFor(async () => expect(await call("seen")).toEqual([1]));
    await system.call("Counter", "emit", [2, 6]);
    await vi.waitFor(async () => expect(await call("latest")).toBe(6));
    await call("release");
    await vi.waitFor(async () => expect(await call("seen")).toEqual(expected));
  });
});

it.each([
  ["cout", { keep: "latest" }, 'Listener has no input "cout". Did you mean "count"? Inputs: count, cloud, map'],
  ["count", { keep: "newest" }, 'QoS of Listener.count: keep is one of latest, queue, all, got "newest"'],
  ["count", { depth: 0 }, "QoS of Listener.count: depth is a whole number of messages from 1, got 0"],
  ["count", { maxAgeMs: -1 }, "QoS of Listener.count: maxAgeMs is above 0, got -1"],
  [
    "count",
    { maxAge: 5 },
    'QoS of Listener.count has no field "maxAge" to change. Did you mean "maxAgeMs"? Fields: keep, depth, maxAgeMs, maxRateHz',
  ],
])("refuses what no input can have: %s %j", (input, qos, message) => {
  expect(() => Listener.blueprint().qos([[Listener, input, qos as never]])).toThrow(new BlueprintError(message));
});

it("refuses an output: only those who receive it choose", () => {
  expect(() => Counter.blueprint().qos([[Counter, "count", { keep: "latest" }]])).toThrow(
    "Counter.count is an output: what waits, and how long, is up to each input that receives it",
  );
});

import { describe, expect, it } from "vitest";
import { run } from "../../test/run.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { PortMetrics } from "../index.ts";
import type { ModuleCoordinator } from "./coordinator.ts";

async function portsOf(system: ModuleCoordinator): Promise<PortMetrics[]> {
  const { workers } = await system.metrics();
  return workers.flatMap(({ metrics }) => metrics?.ports ?? []);
}

describe.each([2, 0])("metrics() with nWorkers %i", (nWorkers) => {
  it("counts the messages of each end of a stream while it runs", async () => {
    await using system = await run(autoconnect(Counter.blueprint(), Listener.blueprint()), { nWorkers });
    await system.call("Counter", "emit", [1, 100]);
    await expect.poll(async () => await system.call("Listener", "values", [])).toHaveLength(100);
    const ports = await portsOf(system);
    expect(ports.filter(({ direction }) => direction === "out")).toHaveLength(3);
    const isRemote = nWorkers > 0;
    const stream = { topic: "/count", messageName: "test/Count", port: "count" };
    const nothing = { overrun: 0, age: 0, rate: 0, invalid: 0 };
    expect(ports.find(({ instance, port }) => instance === "Counter" && port === "count")).toEqual({
      ...stream,
      instance: "Counter",
      direction: "out",
      subscribers: 1,
      published: 100,
      delivered: isRemote ? 100 : 0,
      dropped: nothing,
      bytes: isRemote ? expect.any(Number) : 0,
      ageMs: undefined,
    });
    const input = ports.find(({ instance, port }) => instance === "Listener" && port === "count");
    expect(input).toEqual({
      ...stream,
      instance: "Listener",
      direction: "in",
      subscribers: 1,
      published: 0,
      delivered: 100,
      dropped: nothing,
      bytes: isRemote ? expect.any(Number) : 0,
      ageMs: expect.any(Number),
    });
    expect(input?.bytes).toBe(ports.find(({ instance, port }) => instance === "Counter" && port === "count")?.bytes);
    expect((input?.bytes ?? 0) > 0).toBe(isRemote);
  });

  it("counts calls of each method, and measures how late timers come from the second reading on", async () => {
    await using system = await run(Counter.blueprint(), { nWorkers });
    await system.call("Counter", "emit", [1, 1]);
    await expect(system.call("Counter", "emitCloud", [{ not: "points" }])).resolves.toBeUndefined();
    await expect(system.call("Counter", "$read", [["_nothing"]])).rejects.toThrow("has no property");
    const { workers } = await system.metrics();
    const worker = workers.find(({ metrics }) => metrics?.methods.some(({ instance }) => instance === "Counter"));
    const methods = worker?.metrics?.methods.filter(({ calls }) => calls > 0);
    expect(methods).toEqual([
      { instance: "Counter", method: "emit", calls: 1, failed: 0, active: 0 },
      { instance: "Counter", method: "emitCloud", calls: 1, failed: 0, active: 0 },
      { instance: "Counter", method: "$read", calls: 1, failed: 1, active: 0 },
    ]);
    expect(worker?.metrics?.eventLoopDelayMs).toBeUndefined();
    const delay = async () => (await system.metrics()).workers.find(({ name }) => name === worker?.name)?.metrics;
    await expect
      .poll(async () => (await delay())?.eventLoopDelayMs)
      .toEqual({ mean: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) });
  });
});

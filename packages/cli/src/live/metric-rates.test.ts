import type { WorkerMetrics } from "@dimos/core/runs";
import { expect, it } from "vitest";
import { MetricRates } from "./metric-rates.ts";

function reading(atMs: number, calls: number, published: number, delivered: number, dropped: number): WorkerMetrics {
  const port = { instance: "Robot", topic: "/t", messageName: "test/T", subscribers: 1, bytes: 0, ageMs: undefined };
  const drops = { overrun: dropped, age: dropped, rate: 0, invalid: 0 };
  return {
    atMs,
    eventLoopDelayMs: undefined,
    methods: [{ instance: "Robot", method: "move", calls, failed: 0, active: 0 }],
    ports: [
      // What an output writes to other processes is no delivery to this module.
      {
        ...port,
        port: "out",
        direction: "out",
        published,
        delivered: 999,
        dropped: { overrun: 0, age: 0, rate: 0, invalid: 0 },
      },
      { ...port, port: "in", direction: "in", published: 0, delivered, dropped: drops },
    ],
  };
}

it("rates are the difference of two readings over their time, and unknown at the first and after a restart", () => {
  const rates = new MetricRates();
  const unknown = {
    instance: "Robot",
    callsPerSecond: undefined,
    publishedPerSecond: undefined,
    deliveredPerSecond: undefined,
    droppedPerSecond: undefined,
  };
  expect(rates.of(["Robot"], reading(1000, 10, 100, 50, 0))).toEqual([unknown]);
  expect(rates.of(["Robot", "Idle"], reading(3000, 14, 200, 60, 3))).toEqual([
    {
      instance: "Robot",
      callsPerSecond: 2,
      publishedPerSecond: 50,
      deliveredPerSecond: 5,
      droppedPerSecond: 3,
    },
    { ...unknown, instance: "Idle" },
  ]);
  expect(rates.of(["Robot"], undefined)).toEqual([unknown]);
  expect(rates.of(["Robot"], reading(4000, 0, 0, 0, 0))).toEqual([unknown]);
});

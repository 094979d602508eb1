import type { Port } from "../module/module-core.ts";
import { In } from "../stream/in.ts";
import { InOut } from "../stream/in-out.ts";
import { Out } from "../stream/out.ts";
import type { Topic } from "../stream/topic.ts";
import type { PortMetrics } from "./metrics.ts";

/** What the ports of a module count, as of now. */
export function readPorts(instance: string, ports: Iterable<Port>, topicOf: (port: Port) => Topic | undefined) {
  return [...ports].flatMap((port): PortMetrics[] => {
    const topic = topicOf(port);
    if (topic === undefined) return [];
    const place = { instance, port: port.name, topic: topic.name, messageName: port.type.name };
    return [
      ...(port instanceof In ? [{ ...place, ...input(port, topic) }] : []),
      ...(port instanceof Out || port instanceof InOut ? [{ ...place, ...output(port, topic) }] : []),
    ];
  });
}

function input(port: In<unknown>, { received }: Topic) {
  const { delivered, droppedOverrun, droppedAge, droppedRate, ageMs } = port.total;
  return {
    direction: "in" as const,
    subscribers: port.counters.length,
    published: 0,
    delivered,
    dropped: { overrun: droppedOverrun, age: droppedAge, rate: droppedRate, invalid: port.refused },
    bytes: received.bytes,
    ageMs,
    ...(port.fault === undefined ? {} : { fault: port.fault }),
  };
}

function output(port: Out<unknown> | InOut<unknown>, topic: Topic) {
  const { sent, bytes, droppedOverrun, droppedAge, droppedRate, memoryFaults } = topic.sent;
  return {
    direction: "out" as const,
    subscribers: port.subscriberCount,
    published: port.published,
    delivered: sent,
    dropped: { overrun: droppedOverrun, age: droppedAge, rate: droppedRate, invalid: 0 },
    bytes,
    ageMs: undefined,
    ...(memoryFaults === 0 ? {} : { memory: { faults: memoryFaults, onSocket: topic.withoutMemory } }),
  };
}

import { describeEnd, type Stream, streamsOf } from "../blueprint/streams.ts";
import type { TopicStatus } from "../report/topic-status.ts";
import type { Deployment } from "./deployment.ts";

export function topicsOf(deployment: Deployment): TopicStatus[] {
  return streams(deployment).map(({ topic, type, publishers, subscribers }) => ({
    topic,
    messageName: type,
    publishers: publishers.map(describeEnd),
    subscribers: subscribers.map(describeEnd),
    isFromOutside: deployment.outside.has(topic),
    ...memoryFaultsOf(topic, deployment),
  }));
}

function memoryFaultsOf(topic: string, { pool }: Deployment): Pick<TopicStatus, "memoryFaults"> {
  let memoryFaults = 0;
  for (const worker of pool.workers) memoryFaults += worker.memoryFaults[topic] ?? 0;
  return memoryFaults === 0 ? {} : { memoryFaults };
}

/** A stream by its name (`odom`, `/odom`, `robot0/odom`) or as `Module.port`, whoever is at its ends. */
export function findStream(name: string, deployment: Deployment): Stream | undefined {
  const all = streams(deployment);
  const asPort = all.find(({ publishers, subscribers }) =>
    [...publishers, ...subscribers].some((end) => describeEnd(end) === name),
  );
  return asPort ?? all.find(({ topic }) => topic === (name.startsWith("/") ? name : `/${name}`));
}

function streams({ modules }: Deployment): Stream[] {
  return streamsOf([...modules.values()].map(({ plan }) => plan));
}

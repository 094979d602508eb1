import { DEFAULT_QOS } from "../qos.ts";
import type { StreamSource } from "../stream/stream-reader.ts";
import type { Deployment } from "./deployment.ts";
import { findStream } from "./topics.ts";
import { topicOf } from "./wiring.ts";

/** A stream by its name (`odom`, `/odom`, `robot0/odom`) or as `Module.port`; undefined when nobody publishes it. */
export async function streamSource(stream: string, deployment: Deployment): Promise<StreamSource | undefined> {
  const { modules, pool } = deployment;
  const ports = [...modules.values()].flatMap((module) =>
    module.plan.shape.ports
      .filter((port) => port.direction !== "in")
      .map((port) => ({ module, port, topic: topicOf(module, port.name) })),
  );
  const asPort = ports.find(({ module, port }) => `${module.plan.instance}.${port.name}` === stream)?.topic;
  const topic = asPort ?? (stream.startsWith("/") ? stream : `/${stream}`);
  const found = ports.filter((candidate) => candidate.topic === topic);
  const [first] = found;
  if (first === undefined) return outsideSource(stream, deployment);
  const workers = [...new Set(found.map(({ module }) => module.worker))].filter((name) => pool.get(name) !== undefined);
  const publishers = await Promise.all(workers.map((name) => pool.dataSocket(name)));
  return { topic, messageName: first.port.messageName, qos: first.port.qos, publishers };
}

/** A stream that modules only receive: something outside of the run may publish it. */
function outsideSource(name: string, deployment: Deployment): StreamSource | undefined {
  const stream = findStream(name, deployment);
  const [first] = stream?.subscribers ?? [];
  if (stream === undefined || first === undefined) return undefined;
  const { ports } = deployment.running(first.instance).plan.shape;
  const qos = ports.find((port) => port.name === first.port)?.qos ?? DEFAULT_QOS;
  return { topic: stream.topic, messageName: stream.type, qos, publishers: [] };
}

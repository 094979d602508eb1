import { join } from "node:path";
import { z } from "zod";
import { DEFAULT_QOS, message, type Qos, type SubscribeOptions } from "../src/index.ts";
import type { Logger } from "../src/log/logger.ts";
import { overrunText } from "../src/stream/backlog.ts";
import type { Subscriber } from "../src/stream/edge.ts";
import { StreamHub } from "../src/stream/hub.ts";
import { In } from "../src/stream/in.ts";
import { Out } from "../src/stream/out.ts";
import { SharedMemory } from "../src/stream/shared/shared-memory.ts";
import { StreamReader } from "../src/stream/stream-reader.ts";
import { socketDirectory } from "./socket-directory.ts";

/** A numbered message; what it weighs decides which way it goes. */
export interface Numbered {
  readonly n: number;
  readonly data: Uint8Array | Float32Array | Float64Array;
}
const NumberedType = message<Numbered>("test/Numbered", z.custom<Numbered>());

/** One way from an output to an input, in one process for the convenience of tests; sockets and memory are real. */
export interface Transport extends AsyncDisposable {
  readonly output: Out<Numbered>;
  /** The receiving port; undefined for a reader outside. */
  readonly input: In<Numbered> | undefined;
  /** What the receiving side has logged as an error of a subscriber. */
  readonly errors: unknown[];
  readonly logged: string[];
  make(n: number): Numbered;
  /** Resolves when the publisher knows of it. */
  subscribe(subscriber: Subscriber<Numbered>, options?: SubscribeOptions): Promise<() => void>;
}

export const TRANSPORTS = [
  "in the same worker",
  "from another worker over its socket",
  "from another worker in shared memory",
  "to a reader outside of the run",
] as const;
export type TransportName = (typeof TRANSPORTS)[number];

export async function openTransport(name: TransportName, qos: Qos = DEFAULT_QOS): Promise<Transport> {
  const isShared = name.includes("shared memory");
  const logged: string[] = [];
  const errors: unknown[] = [];
  const log = recordingLog(logged, errors);
  const memory = (log: Logger) => (isShared ? new SharedMemory(log) : new SharedMemory(log, noMemory));
  const resources = new AsyncDisposableStack();
  const directory = resources.use(await socketDirectory());
  const publisher = resources.use(new StreamHub(log, memory(log)));
  const topic = publisher.topic("/numbered", NumberedType.name, qos.latched === true);
  const output = new Out<Numbered>("numbered", NumberedType, { validate: false });
  output.attach(topic);
  const transport = {
    output,
    errors,
    logged,
    make: (n: number): Numbered => ({ n, data: new Uint8Array(isShared ? 128 * 1024 : 8).fill(n) }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
  if (name === "to a reader outside of the run") {
    const path = await publisher.listen(join(directory.path, "data"));
    const source = { topic: "/numbered", messageName: NumberedType.name, qos, publishers: [path] };
    const reader = resources.use(
      new StreamReader({
        streamSource: async () => source,
        onChange: () => () => {},
        log: recordingLog(logged, errors),
      }),
    );
    const subscribe: Transport["subscribe"] = async (subscriber, options) =>
      (await reader.subscribe("/numbered", subscriber as Subscriber<unknown>, options)) as () => void;
    return { ...transport, input: undefined, subscribe };
  }
  const stop = new AbortController();
  resources.defer(() => stop.abort());
  const input = new In<Numbered>("numbered", NumberedType, {
    qos,
    signal: stop.signal,
    onError: (error) => errors.push(error),
    onOverrun: (topic) => logged.push(overrunText(topic)),
  });
  let asked = async () => {};
  if (name === "in the same worker") input.attach(topic, qos);
  else {
    const path = await publisher.listen(join(directory.path, "data"));
    const receiver = resources.use(new StreamHub(log, memory(log)));
    const arriving = receiver.topic("/numbered", NumberedType.name, false);
    input.attach(arriving, qos);
    await receiver.receive(arriving, [path], qos);
    asked = () => receiver.established([arriving]);
    if (isShared) await untilShared(transport, input, asked);
    // A latched message is never lent, which is how one sees that memory is shared.
    receiver.topic("/numbered", NumberedType.name, qos.latched === true);
  }
  const subscribe: Transport["subscribe"] = async (subscriber, options) => {
    const leave = input.subscribe(subscriber, options);
    await asked();
    return leave;
  };
  return { ...transport, input, subscribe };
}

/** The first large messages go over the socket, until both sides have mapped the memory. */
async function untilShared(
  { output, make }: Pick<Transport, "output" | "make">,
  input: In<Numbered>,
  asked: () => Promise<void>,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const leave = input.subscribe(
    ({ data }) => {
      // A slot is larger than the message that stands in it; a copy of this size has memory of its own.
      if (data.buffer.byteLength > data.byteLength + 1024) resolve();
      else void output.publish(make(0));
    },
    { loan: true, latched: false, maxAgeMs: Number.POSITIVE_INFINITY, maxRateHz: Number.POSITIVE_INFINITY },
  );
  await asked();
  void output.publish(make(0));
  await promise;
  leave();
  await asked();
}

function recordingLog(lines: string[], errors: unknown[]): Logger {
  const write = (line: string) => void lines.push(line);
  const error = (line: string, fields?: Readonly<Record<string, unknown>>) => {
    lines.push(line);
    errors.push(fields?.err);
  };
  const log = { debug: write, info: write, warn: write, error, child: () => log };
  return log;
}

async function noMemory(): Promise<never> {
  throw new Error("not in this test");
}

import { CallTimeoutError } from "@dimos/rpc";
import { describeEnd, type Stream, type StreamEnd } from "../blueprint/streams.ts";
import { MODULE } from "../brand.ts";
import { EstopError, InvalidInputError } from "../errors.ts";
import { InputCheck } from "../input/input-check.ts";
import type { Logger } from "../log/logger.ts";
import type { MessageType } from "../message.ts";
import { frameName } from "../module/frame-name.ts";
import { portFault, portType } from "../module/port-type.ts";
import type { PortShape } from "../module/shape.ts";
import type { PortSpec } from "../module/spec.ts";
import { parseMessage } from "../parse-message.ts";
import type { PublishReceipt } from "../report/publish-receipt.ts";
import type { RunSafety } from "../safety/run-safety.ts";
import { StreamHub } from "../stream/hub.ts";
import { withDeadline } from "../worker/deadline.ts";
import { DEFAULT_CALL_TIMEOUT_MS } from "../worker/local-call.ts";
import type { Deployment } from "./deployment.ts";
import { findStream } from "./topics.ts";

/**
 * Publishes what comes from outside of the run: for its subscribers the coordinator is one more publisher, with a data
 * socket that opens when somebody outside first reads or publishes.
 */
export class OutsidePublisher implements AsyncDisposable {
  readonly #deployment: Deployment;
  readonly #path: string;
  readonly #rewire: () => Promise<void>;
  readonly #hub: StreamHub;
  readonly #safety: RunSafety;
  readonly #opened = new Map<string, Promise<void>>();
  readonly #checks = new WeakMap<MessageType<unknown>, InputCheck>();

  /** @param rewire tells all subscribers where their publishers are now */
  constructor(deployment: Deployment, safety: RunSafety, path: string, rewire: () => Promise<void>, log: Logger) {
    this.#deployment = deployment;
    this.#safety = safety;
    this.#path = path;
    this.#rewire = rewire;
    this.#hub = new StreamHub(log);
  }

  /** The data socket: readers connect to it beforehand, so that they get the first message as well. */
  socket(): Promise<string> {
    return this.#hub.listen(this.#path);
  }

  /**
   * Resolves when the message is on its way to every subscriber; to undefined when no module has such a stream. Rejects
   * when no module that subscribes can use it.
   */
  async publish(name: string, message: unknown, signal?: AbortSignal): Promise<PublishReceipt | undefined> {
    const stream = findStream(name, this.#deployment);
    if (stream === undefined) return undefined;
    const type = this.#messageType(stream);
    const subject = `${stream.type} published on ${stream.topic}`;
    const checked = type === undefined ? message : await parseMessage(type, message, subject, this.#checkOf(type));
    const refused = stream.subscribers.flatMap((end) => {
      const fault = this.#faultAt(end, checked);
      return fault === undefined ? [] : [{ port: describeEnd(end), fault }];
    });
    if (refused.length > 0 && refused.length === stream.subscribers.length)
      throw new InvalidInputError(subject, describeRefusals(refused));
    const isRefused = (end: StreamEnd) => refused.some(({ port }) => port === describeEnd(end));
    const drives = ({ instance }: StreamEnd) => this.#deployment.modules.get(instance)?.plan.shape.actuator === true;
    const topic = this.#hub.topic(stream.topic, stream.type, this.#isLatched(stream));
    topic.transport = this.#deployment.transportOf(stream.topic);
    // The first message waits for a load that is under way; and a subscriber that keeps every message and is behind holds
    // the publisher back.
    const { lastReset } = this.#safety;
    const publishing = this.#open(stream.topic).then(() => {
      if (signal?.aborted === true) return undefined;
      if (
        this.#safety.lastReset !== undefined &&
        this.#safety.lastReset !== lastReset &&
        stream.subscribers.some(drives)
      )
        throw new EstopError(`publish ${stream.topic}`, this.#safety.lastReset, { isOver: true });
      return topic.publish(checked);
    });
    const late = () => new CallTimeoutError(`publish ${stream.topic}`, DEFAULT_CALL_TIMEOUT_MS);
    await withDeadline(publishing, { timeoutMs: DEFAULT_CALL_TIMEOUT_MS, signal }, late);
    const { estop } = this.#safety;
    const isWithheld = (end: StreamEnd) => estop.latched && drives(end);
    const up = stream.subscribers.filter(({ instance }) => this.#isUp(instance));
    const workers = new Set(up.map(({ instance }) => this.#deployment.running(instance).worker)).size;
    return {
      topic: stream.topic,
      messageName: stream.type,
      receivers: up.filter((end) => !isWithheld(end) && !isRefused(end)).map(describeEnd),
      withheld: up.filter(isWithheld).map(describeEnd),
      estop,
      ...(refused.length === 0 ? {} : { refused }),
      readers: Math.max(0, topic.subscriberCount - workers),
      missing: Math.max(0, workers - topic.subscriberCount),
      isValidated: type !== undefined,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hub[Symbol.asyncDispose]();
  }

  #checkOf(type: MessageType<unknown>): InputCheck {
    const check = this.#checks.get(type) ?? new InputCheck(type.schema);
    this.#checks.set(type, check);
    return check;
  }

  /** Subscribers come to the socket when they are wired again, which is when the first message is to be published. */
  #open(topic: string): Promise<void> {
    let opened = this.#opened.get(topic);
    if (opened === undefined) {
      opened = this.socket().then((path) => {
        this.#deployment.outside.set(topic, path);
        return this.#rewire();
      });
      this.#opened.set(topic, opened);
      opened.catch(() => this.#opened.delete(topic));
    }
    return opened;
  }

  #isUp(instance: string): boolean {
    const module = this.#deployment.modules.get(instance);
    return module !== undefined && this.#deployment.pool.get(module.worker) !== undefined;
  }

  #messageType({ publishers, subscribers }: Stream): MessageType<unknown> | undefined {
    for (const end of [...subscribers, ...publishers]) {
      const port = this.#portSpec(end);
      if (port !== undefined) return portType(port).type;
    }
    return undefined;
  }

  /** What an input expects of a message beyond what its type does. */
  #faultAt(end: StreamEnd, message: unknown): string | undefined {
    const port = this.#portSpec(end);
    if (port === undefined) return undefined;
    const { namespace } = this.#deployment.running(end.instance).plan;
    return portFault(portType(port).checks, message, (id) => frameName(namespace, id));
  }

  /** Classes that only a client has imported are not known here. */
  #portSpec({ instance, port }: StreamEnd): PortSpec | undefined {
    const spec = this.#deployment.running(instance).plan.moduleClass?.[MODULE];
    return spec?.inputs?.[port] ?? spec?.inouts?.[port] ?? spec?.outputs?.[port];
  }

  #isLatched({ publishers, subscribers }: Stream): boolean {
    return [...publishers, ...subscribers].some(({ instance, port }) => {
      const { ports } = this.#deployment.running(instance).plan.shape;
      return ports.some(({ name, qos }: PortShape) => name === port && qos.latched === true);
    });
  }
}

/** One sentence for all ports that find the same fault. */
function describeRefusals(refused: readonly { readonly port: string; readonly fault: string }[]): string[] {
  const faults = new Set(refused.map(({ fault }) => fault));
  return [...faults].map((fault) => {
    const ports = refused.filter((one) => one.fault === fault).map(({ port }) => port);
    return `${ports.join(", ")} ${ports.length === 1 ? "leaves" : "leave"} it out: ${fault}`;
  });
}

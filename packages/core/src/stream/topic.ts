import { MessageEncoder } from "@dimos/rpc";
import { type Qos, widest } from "../qos.ts";
import type { Transport } from "../transport.ts";
import { both, monotonicMs, NOT_STAMPED, type Sink } from "./delivery.ts";
import { ENCODING, Outgoing } from "./outgoing.ts";
import type { Lent } from "./shared/lent.ts";

/** Of messages whose time nobody needs, one in so many is stamped, to measure ages. */
const STAMP_SAMPLE = 64;

/** A subscriber in another process. */
export interface RemoteSink {
  readonly counters: Readonly<RemoteCounters>;
  /** It wants the last message of a latched stream, although that was published before it came. */
  readonly wantsLast: boolean;
  /** Shared memory was at fault too often: large messages go to it over the socket. */
  readonly isWithoutMemory: boolean;
  push(outgoing: Outgoing): void | Promise<void>;
}

export interface RemoteCounters {
  /** Messages written to other processes. */
  sent: number;
  bytes: number;
  droppedOverrun: number;
  droppedAge: number;
  droppedRate: number;
  /** How often shared memory held what cannot be right. */
  memoryFaults: number;
}

interface Last {
  readonly message: unknown;
  readonly publishedMs: number;
}

/**
 * One typed flow as this process sees it. What is published here goes to the ports of this process and to subscribers
 * in other processes; what arrives from other processes goes to the ports of this process only.
 */
export class Topic {
  readonly name: string;
  readonly messageName: string;
  /** How what is published here gets to other processes. */
  transport: Transport = "auto";
  /** Called when its ports ask for something else than before. Set while it is received from other processes. */
  onNeedChanged: (() => void) | undefined;
  /** What came from other processes. */
  readonly received = { messages: 0, bytes: 0 };
  /** Replaced, never changed: a publication goes on over the list it began with. */
  #ports: readonly Sink[] = [];
  #remotes: readonly RemoteSink[] = [];
  /** Of remote subscribers that have left. */
  readonly #left: RemoteCounters = noRemoteCounters();
  readonly #watchers = new Set<() => void>();
  #lastSeen: Last | undefined;
  #lastPublished: Last | undefined;
  /** From the first message on that is sent to another process. */
  #encoder: MessageEncoder | undefined;
  #latched: boolean;
  #needsTime = false;
  /** Nobody needs more of a message than the message itself. */
  #isPlain = false;
  #untilStamp = 1;

  constructor(name: string, messageName: string, latched: boolean) {
    this.name = name;
    this.messageName = messageName;
    this.#latched = latched;
    this.#changed();
  }

  /** Any of its ports may ask for that. */
  get latched(): boolean {
    return this.#latched;
  }

  set latched(latched: boolean) {
    this.#latched = latched;
    this.#changed();
  }

  publish(message: unknown): void | Promise<void> {
    if (!this.#isPlain) return this.#publishStamped(message);
    this.#untilStamp = this.#untilStamp === 0 ? STAMP_SAMPLE : this.#untilStamp - 1;
    const publishedMs = this.#untilStamp === 0 ? monotonicMs() : NOT_STAMPED;
    const ports = this.#ports;
    return ports.length === 1 ? (ports[0] as Sink).push(message, publishedMs) : pushAll(ports, message, publishedMs);
  }

  #publishStamped(message: unknown): void | Promise<void> {
    const publishedMs = monotonicMs();
    if (this.latched) this.#lastPublished = { message, publishedMs };
    const wait = this.#deliver(message, publishedMs);
    return this.#remotes.length === 0 ? wait : both(wait, this.#send(message, publishedMs));
  }

  /** A message that came from another process, in so many bytes. */
  arrive(message: unknown, publishedMs: number, bytes: number): void | Promise<void> {
    this.received.messages++;
    this.received.bytes += bytes;
    return this.#deliver(message, publishedMs);
  }

  /** The same for a message in shared memory. */
  arriveLent(lent: Lent, publishedMs: number, bytes: number): void | Promise<void> {
    if (this.latched) return this.arrive(lent.stable, publishedMs, bytes);
    this.received.messages++;
    this.received.bytes += bytes;
    let wait: Promise<void> | undefined;
    for (const port of this.#ports) wait = both(wait, port.pushLent(lent, publishedMs));
    return wait;
  }

  /** Input ports of this process, and subscribers in other processes. */
  get subscriberCount(): number {
    return this.#ports.length + this.#remotes.length;
  }

  /** A port of this process or a subscriber in another one is on it. */
  get isUsed(): boolean {
    return this.subscriberCount > 0 || this.isPublished;
  }

  /** Subscribers in other processes that get large messages over the socket, because shared memory was at fault too often. */
  get withoutMemory(): number {
    return this.#remotes.filter(({ isWithoutMemory }) => isWithoutMemory).length;
  }

  /** What was sent to other processes so far. */
  get sent(): RemoteCounters {
    const sum = { ...this.#left };
    for (const { counters } of this.#remotes) addCounters(sum, counters);
    return sum;
  }

  /** Calls back when subscribers come or go: for an output port, for as long as it is on the topic. */
  watch(callback: () => void): () => void {
    this.#watchers.add(callback);
    return () => void this.#watchers.delete(callback);
  }

  /** An output port of this process is on it. */
  get isPublished(): boolean {
    return this.#watchers.size > 0;
  }

  /** A late subscriber gets nothing until something is published again. */
  forgetLast(): void {
    this.#lastSeen = undefined;
    this.#lastPublished = undefined;
  }

  /** Nothing arrives from other processes any more: what arrived last grows old. */
  forgetReceived(): void {
    this.#lastSeen = this.#lastPublished;
  }

  /** What all its ports ask for together; undefined while there is none. */
  get need(): Qos | undefined {
    const [first, ...others] = this.#ports;
    return first && others.reduce((need, port) => widest(need, port.need), first.need);
  }

  /** A port asks for something else than before. */
  needChanged(): void {
    this.onNeedChanged?.();
  }

  /** Every message is stamped from now on. */
  needTime(): void {
    this.#needsTime = true;
    this.#changed();
  }

  addPort(sink: Sink): void {
    this.#ports = [...this.#ports, sink];
    const last = this.#lastSeen;
    if (last !== undefined && sink.need.latched !== false) void sink.push(last.message, last.publishedMs);
    this.#changed();
    this.needChanged();
  }

  removePort(sink: Sink): void {
    this.#ports = this.#ports.filter((other) => other !== sink);
    this.#changed();
    this.needChanged();
  }

  /** A subscriber in another process: it gets what is published here, and at once the last value of a latched topic. */
  addRemote(sink: RemoteSink): void {
    this.#remotes = [...this.#remotes, sink];
    if (this.#lastPublished !== undefined && sink.wantsLast) {
      void sink.push(this.#outgoing(this.#lastPublished.message, this.#lastPublished.publishedMs));
    }
    this.#changed();
  }

  removeRemote(sink: RemoteSink): void {
    if (!this.#remotes.includes(sink)) return;
    this.#remotes = this.#remotes.filter((other) => other !== sink);
    addCounters(this.#left, sink.counters);
    this.#changed();
  }

  #deliver(message: unknown, publishedMs: number): void | Promise<void> {
    if (this.latched) this.#lastSeen = { message, publishedMs };
    return pushAll(this.#ports, message, publishedMs);
  }

  #send(message: unknown, publishedMs: number): void | Promise<void> {
    const outgoing = this.#outgoing(message, publishedMs);
    let wait: Promise<void> | undefined;
    for (const remote of this.#remotes) wait = both(wait, remote.push(outgoing));
    return wait;
  }

  #outgoing(message: unknown, publishedMs: number): Outgoing {
    this.#encoder ??= new MessageEncoder(ENCODING);
    return new Outgoing(message, publishedMs, this.#encoder);
  }

  #changed(): void {
    this.#isPlain = !this.#latched && !this.#needsTime && this.#remotes.length === 0;
    for (const callback of this.#watchers) callback();
  }
}

function pushAll(sinks: readonly Sink[], message: unknown, publishedMs: number): Promise<void> | undefined {
  let wait: Promise<void> | undefined;
  for (const sink of sinks) wait = both(wait, sink.push(message, publishedMs));
  return wait;
}

export function noRemoteCounters(): RemoteCounters {
  return { sent: 0, bytes: 0, droppedOverrun: 0, droppedAge: 0, droppedRate: 0, memoryFaults: 0 };
}

function addCounters(sum: RemoteCounters, other: Readonly<RemoteCounters>): void {
  sum.sent += other.sent;
  sum.bytes += other.bytes;
  sum.droppedOverrun += other.droppedOverrun;
  sum.droppedAge += other.droppedAge;
  sum.droppedRate += other.droppedRate;
  sum.memoryFaults += other.memoryFaults;
}

import { type DeepReadonly, type Logger, type PublishReceipt, type Qos, StreamReader } from "@dimos/core";
import { MAX_TIMER_MS, warnProcess } from "@dimos/rpc";
import { UnknownStreamError } from "./errors.ts";
import type { System } from "./system.ts";

/** Streams of a system, read and published to from this program. */
export class RunStreams implements AsyncDisposable {
  readonly #system: System;
  readonly #reader: StreamReader;

  constructor(system: System) {
    this.#system = system;
    this.#reader = new StreamReader({
      streamSource: (stream) => system.streamSource(stream),
      onChange: (callback) => system.on("modulesChanged", callback),
      log: WARNINGS,
    });
  }

  async subscribe(
    stream: string,
    callback: (message: DeepReadonly<unknown>) => unknown,
    qos: Partial<Qos> = {},
  ): Promise<() => void> {
    const { relays = false } = this.#system;
    const onError = (error: unknown) => WARNINGS.error("A subscriber failed", { err: error });
    const relayed = relays ? this.#system.readStream?.(stream, callback, qos, onError) : undefined;
    const unsubscribe = await (relayed ?? this.#reader.subscribe(stream, callback, qos));
    return unsubscribe ?? (await this.#unknown(stream));
  }

  async publish(stream: string, message: unknown, options: { readonly signal?: AbortSignal }): Promise<PublishReceipt> {
    return (await this.#system.publish(stream, message, options)) ?? (await this.#unknown(stream));
  }

  async peek(stream: string, timeoutMs: number): Promise<DeepReadonly<unknown> | null> {
    const { promise, resolve, reject } = Promise.withResolvers<DeepReadonly<unknown> | null>();
    const timer = setTimeout(() => resolve(null), Math.min(timeoutMs, MAX_TIMER_MS));
    // Not waited for: a publisher that stands still would hold it up for longer than that.
    const subscribing = this.subscribe(stream, resolve);
    subscribing.catch(reject);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      subscribing.then(
        (unsubscribe) => unsubscribe(),
        () => {},
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader[Symbol.asyncDispose]();
  }

  async #unknown(stream: string): Promise<never> {
    const topics = (await this.#system.listTopics()).map(({ topic }) => topic);
    const modules = this.#system.listModules().map(({ instance }) => instance);
    throw new UnknownStreamError(stream, modules, topics);
  }
}

/** A program has no run log: what goes wrong in its own callbacks becomes a warning of the process. */
const WARNINGS: Logger = {
  debug: () => {},
  info: () => {},
  warn: (message) => warnProcess(message),
  error: (message, fields) => warnProcess(fields?.err instanceof Error ? fields.err : message),
  child: () => WARNINGS,
};

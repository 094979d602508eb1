import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { ConnectionLostError, connect, didYouMean, type RpcClient } from "@dimos/rpc";
import type { Blueprint } from "../blueprint/blueprint.ts";
import type { LoadOptions, RestartModuleOptions } from "../coordinator/options.ts";
import { LoadAbortedError, NoSuchModuleError } from "../errors.ts";
import type { ModuleDescription } from "../module/description.ts";
import type { RunCallOptions } from "../module/module-run.ts";
import { narrowed, type Qos } from "../qos.ts";
import { RunEmitter, type RunEventName, type RunEvents } from "../report/events.ts";
import type { LoadProgress } from "../report/load-progress.ts";
import type { ModuleStatus } from "../report/module-status.ts";
import type { PublishReceipt } from "../report/publish-receipt.ts";
import type { RunHealth } from "../report/run-health.ts";
import type { RunMetrics } from "../report/run-metrics.ts";
import type { TopicStatus } from "../report/topic-status.ts";
import { coreErrors } from "../revive-errors.ts";
import { estopRun } from "../safety/estop-run.ts";
import { type EstopReport, type EstopState, NOT_STOPPED } from "../safety/estop-state.ts";
import { NOT_STAMPED } from "../stream/delivery.ts";
import { Edge, type Subscriber } from "../stream/edge.ts";
import type { StreamSource } from "../stream/stream-reader.ts";
import { callOnceBegun } from "../worker/call-once-begun.ts";
import { Connections, NotSent } from "../worker/connections.ts";
import { withDeadline } from "../worker/deadline.ts";
import type { BegunCall } from "../worker/local-call.ts";
import { loadRequestOf } from "./load-request.ts";
import { localEndpointOf, lostRun } from "./lost-run.ts";
import { LostWorkers } from "./lost-workers.ts";
import {
  CONTROL,
  type ControlEvent,
  type Directory,
  EVENTS,
  type LoadRequest,
  type RelayedMessage,
} from "./protocol.ts";

/** Loads build and start modules, which may take as long as they do. */
const LOAD_TIMEOUT_MS = 24 * 60 * 60_000;
const STOP_TIMEOUT_MS = 60_000;
/** How long a run may take for each step of a connect. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A call that was refused where it is to be made again tries again after this. */
const AGAIN_MS = 20;

/** Where the worker of a module is called. */
interface Lookup {
  readonly endpoint: Promise<string>;
  known?: string;
}

/** Before the run has said what it is. */
const UNKNOWN: Directory = { runId: "", generation: -1, modules: [], debugCalls: false, estop: NOT_STOPPED };

export interface ConnectRunOptions {
  readonly token?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onError?: (error: unknown) => void;
}

/** A coordinator in another process. What runs there is known here without asking: it is told when that changes. */
export class RemoteCoordinator implements AsyncDisposable {
  /** Calls and streams go over the coordinator: its workers are on another host, or might be. */
  readonly relays: boolean;
  readonly #control: RpcClient;
  readonly #connections = new Connections();
  readonly #endpoints = new Map<string, Lookup>();
  readonly #events: RunEmitter;
  readonly #lostWorkers: LostWorkers;
  readonly #listening: Promise<void>;
  #directory: Directory;
  #hasEnded = false;
  #hasLeft = false;
  #lost: ConnectionLostError | undefined;

  private constructor(control: RpcClient, directory: Directory, onError: (error: unknown) => void) {
    this.relays = control.endpoint.startsWith("ws:");
    this.#control = control;
    this.#directory = directory;
    this.#events = new RunEmitter(onError);
    this.#lostWorkers = new LostWorkers(this.#events);
    this.#listening = control.subscribe(EVENTS, (value) => this.#take(value as ControlEvent)).ready;
    control.onStateChange((state, reason) => {
      if (state !== "closed") return;
      if (!this.#hasEnded && !this.#hasLeft) this.#lost = lostRun(this.runId, reason);
      this.#events.emit("stopped", { reason: reason?.message ?? "disconnected" });
    });
  }

  static async connect(endpoint: string, options: ConnectRunOptions = {}): Promise<RemoteCoordinator> {
    const { token, timeoutMs, signal, onError = () => {} } = options;
    const limitMs = timeoutMs ?? CONNECT_TIMEOUT_MS;
    const control = await connect(endpoint, {
      errors: coreErrors(),
      ...(token === undefined ? {} : { token }),
      connectTimeoutMs: limitMs,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      const run = new RemoteCoordinator(control, UNKNOWN, onError);
      const refused = () => new ConnectionLostError(`The run at ${endpoint} did not answer within ${limitMs} ms`);
      // In this order: what changes between the two is not missed.
      await withDeadline(run.#listening, { timeoutMs: limitMs, signal }, refused);
      await withDeadline(run.#refresh(), { timeoutMs: limitMs, signal }, refused);
      return run;
    } catch (error) {
      await control.close();
      throw error;
    }
  }

  get runId(): string {
    return this.#directory.runId;
  }

  get generation(): number {
    return this.#directory.generation;
  }

  get debugCalls(): boolean {
    return this.#directory.debugCalls;
  }

  get isConnected(): boolean {
    return this.#control.state === "open";
  }

  /** The run has said that it ends. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Why it is unknown here whether the run goes on; undefined while connected, after its end, and when this program has left. */
  get lost(): ConnectionLostError | undefined {
    return this.#lost;
  }

  on<K extends RunEventName>(name: K, listener: (event: RunEvents[K]) => void): () => void {
    return this.#events.on(name, listener);
  }

  listModules(): readonly ModuleStatus[] {
    return this.#directory.modules;
  }

  descriptionOf(instance: string): ModuleDescription | undefined {
    return this.#directory.modules.find((module) => module.instance === instance)?.description;
  }

  /**
   * Loads what was planned here; the run imports the classes from their files, so it has to be on this host. Requirements
   * of the blueprint are checked here, before anything is sent.
   */
  async loadBlueprint(blueprint: Blueprint, options: LoadOptions = {}): Promise<readonly string[]> {
    return this.#load(await loadRequestOf(blueprint, options.config), options);
  }

  /** Loads blueprints by the names that the run's own project knows. */
  loadNames(names: readonly string[], options: LoadOptions = {}): Promise<readonly string[]> {
    return this.#load({ names, config: options.config ?? {} }, options);
  }

  async unloadModule(instance: string): Promise<void> {
    await this.#ask(CONTROL.unload, [instance], { timeoutMs: STOP_TIMEOUT_MS });
    await this.#refresh();
  }

  async restartModule(instance: string, options: RestartModuleOptions = {}): Promise<void> {
    try {
      await this.#ask(CONTROL.restart, [instance, options], { timeoutMs: LOAD_TIMEOUT_MS });
    } finally {
      this.#endpoints.delete(instance);
      if (this.isConnected) await this.#refresh();
    }
  }

  /** @param lentBy lease of the skill that calls, if its worker does */
  async call(
    instance: string,
    method: string,
    args: readonly unknown[],
    options: RunCallOptions = {},
    lentBy?: string,
  ): Promise<unknown> {
    const name = `${instance}.${method}`;
    if (this.relays) return this.#ask(CONTROL.call, [instance, method, args], { ...options, as: name });
    let endpoint: Promise<string>;
    let notSentTo: string | undefined;
    const attempt = async (left: BegunCall) => {
      const worker = this.#workerOf(instance);
      endpoint = this.endpointOf(instance);
      try {
        return await this.#connections.call(endpoint, name, args, left, lentBy);
      } catch (error) {
        const isLost = error instanceof ConnectionLostError && this.isConnected;
        throw isLost ? await this.#lostWorkers.explain(error, worker) : error;
      }
    };
    const whenElsewhere = async (error: unknown) => {
      const tried = await endpoint.catch(() => undefined);
      if (this.#endpoints.get(instance)?.endpoint === endpoint) this.#endpoints.delete(instance);
      // The run answers when the module serves again.
      const isSame = (await this.endpointOf(instance)) === tried;
      if (error instanceof NotSent) {
        // A connection that was just closed is opened again; one that cannot be opened belongs to a worker that has ended.
        if (isSame && notSentTo === tried) throw await this.#lostWorkers.explain(error.cause, this.#workerOf(instance));
        notSentTo = tried;
      } else if (isSame) await sleep(AGAIN_MS);
    };
    return callOnceBegun(name, options, attempt, (error) => {
      const hasNotBegun = NoSuchModuleError.isReplaced(error, instance) || error instanceof NotSent;
      return hasNotBegun && this.isConnected && whenElsewhere(error);
    });
  }

  /**
   * Reads a stream over the coordinator, which applies ages and rates; what is kept while the subscriber is busy is
   * decided here, beside it. Resolves to what ends that; to undefined when nobody publishes it.
   */
  async readStream(
    stream: string,
    subscriber: Subscriber<unknown>,
    qos: Partial<Qos>,
    onError: (error: unknown) => void,
  ): Promise<(() => void) | undefined> {
    const source = await this.streamSource(stream);
    if (source === undefined) return undefined;
    const { keep, depth } = narrowed(source.qos, qos);
    const edge = new Edge(subscriber, { keep, depth }, onError);
    const abort = new AbortController();
    const { promise: begun, resolve, reject } = Promise.withResolvers<boolean>();
    const onProgress = (value: unknown) => {
      const relayed = value as RelayedMessage;
      if ("begun" in relayed) resolve(true);
      else void edge.push(relayed.message, NOT_STAMPED);
    };
    const options = { signal: abort.signal, timeoutMs: Number.POSITIVE_INFINITY, onProgress };
    this.#ask(CONTROL.readStream, [stream, qos], options).then(() => resolve(false), reject);
    const leave = () => {
      edge.close();
      abort.abort();
    };
    return (await begun) ? leave : undefined;
  }

  #workerOf(instance: string): string | undefined {
    return this.#directory.modules.find((module) => module.instance === instance)?.worker;
  }

  endpointOf(instance: string): Promise<string> {
    if (this.descriptionOf(instance) === undefined) {
      const known = this.listModules().map((module) => module.instance);
      return Promise.reject(new NoSuchModuleError(`No module named "${instance}".${didYouMean(instance, known)}`));
    }
    const lookup = this.#endpoints.get(instance);
    if (lookup !== undefined) return lookup.endpoint;
    // Several calls may wait for it, each as long as it may.
    const options = { timeoutMs: Number.POSITIVE_INFINITY };
    const endpoint = this.#ask(CONTROL.endpointOf, [instance], options) as Promise<string>;
    const asked: Lookup = { endpoint };
    this.#endpoints.set(instance, asked);
    endpoint.then(
      (known) => {
        asked.known = known;
      },
      () => this.#endpoints.get(instance) === asked && this.#endpoints.delete(instance),
    );
    return endpoint;
  }

  streamSource(stream: string): Promise<StreamSource | undefined> {
    return this.#ask(CONTROL.streamSource, [stream]) as Promise<StreamSource | undefined>;
  }

  async listTopics(): Promise<readonly TopicStatus[]> {
    return (await this.#ask(CONTROL.listTopics, [])) as readonly TopicStatus[];
  }

  /** Publishes a message over the coordinator. Resolves to undefined when no module has such a stream. */
  async publish(
    stream: string,
    message: unknown,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<PublishReceipt | undefined> {
    return (await this.#ask(CONTROL.publish, [stream, message], options)) as PublishReceipt | undefined;
  }

  health(): Promise<RunHealth> {
    return this.#ask(CONTROL.health, []) as Promise<RunHealth>;
  }

  metrics(): Promise<RunMetrics> {
    return this.#ask(CONTROL.metrics, []) as Promise<RunMetrics>;
  }

  get estopState(): EstopState {
    return this.#directory.estop;
  }

  /** By the coordinator, and on this host by the emergency sockets of its actuators at the same time, which need no connection. */
  estop(reason?: string): Promise<EstopReport> {
    return estopRun({
      endpoint: this.relays ? localEndpointOf(this.runId) : this.#control.endpoint,
      reason: reason ?? "asked to",
      viaCoordinator: async (signal) => (await this.#ask(CONTROL.estop, [reason], { signal })) as EstopReport,
      modulesOf: (worker) =>
        this.listModules().flatMap((module) => (module.worker === worker ? [module.instance] : [])),
    });
  }

  resetEstop(): Promise<EstopReport> {
    return this.#ask(CONTROL.resetEstop, []) as Promise<EstopReport>;
  }

  /** Ends the run over there. */
  async stopRun(): Promise<void> {
    const ended = new Promise<void>((resolve) =>
      this.#control.onStateChange((state) => state === "closed" && resolve()),
    );
    await this.#ask(CONTROL.stop, []);
    await ended;
  }

  /** Leaves the run alone, and disconnects. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#hasLeft = true;
    await Promise.all([this.#control.close(), this.#connections[Symbol.asyncDispose]()]);
  }

  /** Rejects with what has happened and what to do, once the connection is lost. */
  async #ask(...call: Parameters<RpcClient["call"]>): Promise<unknown> {
    if (this.#lost === undefined) return this.#control.call(...call);
    // Not at once: a caller that tries again then would starve the timers of this process.
    await nextTurn();
    throw this.#lost;
  }

  async #load(request: LoadRequest, { signal, onProgress }: LoadOptions): Promise<readonly string[]> {
    const loading = this.#ask(CONTROL.load, [request], {
      timeoutMs: LOAD_TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress: (step) => onProgress(step as LoadProgress) }),
    });
    const added = await loading.catch((error: unknown) => {
      throw signal?.aborted === true ? new LoadAbortedError(signal.reason) : error;
    });
    await this.#refresh();
    return added as readonly string[];
  }

  async #refresh(): Promise<void> {
    this.#adopt((await this.#ask(CONTROL.directory, [])) as Directory);
  }

  #take({ name, event, directory }: ControlEvent): void {
    this.#adopt(directory);
    if (name === "stopped") this.#hasEnded = true;
    else this.#events.emit(name, event as never);
  }

  /** A module on another worker than before has another endpoint. */
  #adopt(directory: Directory): void {
    if (directory.generation < this.#directory.generation) return;
    const before = new Map(this.#directory.modules.map(({ instance, worker }) => [instance, worker]));
    for (const instance of this.#endpoints.keys()) {
      const now = directory.modules.find((module) => module.instance === instance);
      if (now === undefined || now.worker !== before.get(instance)) this.#endpoints.delete(instance);
    }
    this.#directory = directory;
    // A worker that ends waits until nobody is connected to it any more.
    this.#connections.keep(new Set([...this.#endpoints.values()].map(({ known }) => known)));
  }
}

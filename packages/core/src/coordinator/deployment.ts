import { type RefCandidate, type RefResolution, resolveRefs } from "../blueprint/resolve-refs.ts";
import type { PlannedModule } from "../blueprint/streams.ts";
import { pinnedTransports } from "../blueprint/transports.ts";
import { LoadError, WorkerExitedError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import type { ModuleDescription } from "../module/description.ts";
import type { SourceFile } from "../source-files.ts";
import type { Transport } from "../transport.ts";
import { withDeadline } from "../worker/deadline.ts";
import { InProcessWorker } from "../worker/in-process-worker.ts";
import type { MethodAddress, RefTargetAddress, WorkerAnswers, WorkerRequest } from "../worker/messages.ts";
import type { PlannedEntry } from "./plan.ts";
import type { RunningModule } from "./running-module.ts";
import { publishingWorkers, wiringOf } from "./wiring.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** How long the steps of a module's life may take, and how long its worker may be silent, milliseconds. */
export interface Deadlines {
  /** Import of its file and constructor; default: 2 minutes. */
  readonly deployMs: number;
  /** `build()`, which may fetch a model; default: 24 hours. */
  readonly buildMs: number;
  /** `start()`; default: 20 minutes. */
  readonly startMs: number;
  /** Without a sign of life from a worker that is not waiting for a processor, and has no module in one of those steps; default: 20 seconds. */
  readonly silenceMs: number;
}

const DEFAULT_DEADLINES: Deadlines = {
  deployMs: 120_000,
  buildMs: 24 * 60 * 60_000,
  startMs: 20 * 60_000,
  silenceMs: 20_000,
};
const WIRE_TIMEOUT_MS = 30_000;
/** A worker that responds knows its files at once. */
const SOURCES_TIMEOUT_MS = 2_000;
/** A change of one module waits this long for the workers of others: what they are told reaches them when they turn again. */
const OTHERS_TIMEOUT_MS = 2_000;

/** The steps that loads, restarts and recoveries are made of. It knows where everything runs, and decides nothing. */
export class Deployment {
  readonly pool: WorkerPool;
  /** Modules of the run by instance name, in the order they were loaded. */
  readonly modules = new Map<string, RunningModule>();
  /** Disabled modules of all loads: references may be meant for them. */
  readonly disabled: PlannedModule[] = [];
  /** Topics that are published from outside of the run as well, with the data socket they come from. */
  readonly outside = new Map<string, string>();

  readonly deadlines: Deadlines;
  readonly #log: Logger;
  readonly #transport: Transport;
  #wiring: Promise<unknown> = Promise.resolve();

  /** @param transport of streams that no blueprint pins */
  constructor(pool: WorkerPool, log: Logger, transport: Transport, deadlines: Partial<Deadlines> = {}) {
    this.pool = pool;
    this.#log = log;
    this.#transport = transport;
    this.deadlines = { ...DEFAULT_DEADLINES, ...deadlines };
  }

  /** Constructs a module on a worker; what it is comes back as its description. */
  construct(
    entry: PlannedEntry,
    worker: string,
    signal?: AbortSignal,
    isReplacement = false,
  ): Promise<ModuleDescription> {
    const { instance, namespace, shape, config, moduleClass } = entry;
    const host = this.pool.get(worker);
    if (host instanceof InProcessWorker && moduleClass !== undefined) host.provide(moduleClass);
    const request = {
      type: "DeployModule",
      instance,
      namespace,
      source: shape.source,
      className: shape.className,
      config,
      isReplacement,
    } as const;
    return this.ask(worker, request, this.deadlines.deployMs, signal);
  }

  /**
   * Tells every subscriber where its publishers are now, once those before are told: the last one counts. Fails with a
   * `LoadError` when one of `changed` cannot be told; others whose worker ends or stands still meanwhile are told again
   * when they come back.
   */
  wireAll(changed: readonly string[], signal?: AbortSignal): Promise<void> {
    const wired = this.#wiring.then(() => this.#wireAll(changed, signal));
    this.#wiring = wired.catch(() => undefined);
    return wired;
  }

  async #wireAll(changed: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const modules = [...this.modules.values()].filter((module) => this.pool.get(module.worker) !== undefined);
    const concernedOn = (worker: string) => changed.find((instance) => this.running(instance).worker === worker);
    const sockets = new Map<string, string>();
    const open = async (name: string) => {
      const opened = this.pool.dataSocket(name);
      const concerned = concernedOn(name);
      if (concerned !== undefined) await named(concerned, opened);
      else await this.#leaveBehind(opened, `open the data socket of ${name}`);
      // Subscribers try until it is there.
      sockets.set(name, this.pool.dataPath(name));
    };
    await Promise.all([...publishingWorkers(modules)].map(open));
    const sources = { dataSockets: sockets, outside: this.outside, transport: this.#transport };
    await Promise.all(
      modules.map((module) => {
        const { instance } = module.plan;
        const request = {
          type: "WireStreams",
          instance,
          ports: wiringOf(module, modules, sources),
        } as const;
        if (changed.includes(instance))
          return named(instance, this.ask(module.worker, request, WIRE_TIMEOUT_MS, signal));
        return this.#leaveBehind(this.ask(module.worker, request, OTHERS_TIMEOUT_MS, signal), `wire ${instance}`);
      }),
    );
  }

  /** How a stream travels between workers: as a blueprint pins it, or as the settings say. */
  transportOf(topic: string): Transport {
    const pins = pinnedTransports([...this.modules.values()].map(({ plan }) => plan));
    return pins.get(topic.slice(1)) ?? this.#transport;
  }

  /** What the references of these modules point to; fails with every problem at once. */
  resolve(modules: readonly PlannedModule[], replaced: readonly RefCandidate[] = []): Map<string, RefResolution> {
    const names = new Set(replaced.map(({ instance }) => instance));
    const running = [...this.modules.values()].filter(({ plan }) => !names.has(plan.instance)).map(refCandidate);
    const disabled = this.disabled.map((module) => ({ ...module, methods: undefined }));
    return resolveRefs(modules, [...running, ...replaced, ...disabled]);
  }

  /** Injects every reference of a module. */
  async setRefs(module: RunningModule, signal?: AbortSignal): Promise<void> {
    const { instance } = module.plan;
    for (const [ref, resolution] of module.refs) {
      const target = await this.#refTarget(module.worker, resolution);
      await this.ask(module.worker, { type: "SetRef", instance, ref, target }, WIRE_TIMEOUT_MS, signal);
    }
  }

  /** Points the references of others to where this module is now. */
  async setRefsTo(instance: string, signal?: AbortSignal): Promise<void> {
    await Promise.all(
      this.consumersOf(instance).map((consumer) => {
        const { instance: name } = consumer.plan;
        return this.#leaveBehind(this.setRefs(consumer, signal), `tell ${name} where ${instance} is`);
      }),
    );
  }

  /** Makes calls through references to a module that has gone fail at once, by its name. */
  async tellGone(instance: string): Promise<void> {
    await Promise.allSettled(
      this.consumersOf(instance).flatMap((consumer) =>
        [...consumer.refs]
          .filter(([, resolution]) => resolution.kind === "module" && resolution.instance === instance)
          .map(([ref]) => {
            const target = { kind: "gone", instance } as const;
            const request = { type: "SetRef", instance: consumer.plan.instance, ref, target } as const;
            return this.ask(consumer.worker, request, OTHERS_TIMEOUT_MS);
          }),
      ),
    );
  }

  build(instance: string, signal?: AbortSignal): Promise<undefined> {
    return this.ask(this.running(instance).worker, { type: "BuildModule", instance }, this.deadlines.buildMs, signal);
  }

  async start(instance: string, signal?: AbortSignal): Promise<void> {
    const module = this.running(instance);
    await this.ask(module.worker, { type: "StartModule", instance }, this.deadlines.startMs, signal);
    // Only now: `build` and `start` may import more.
    module.sources = await this.sourcesOf(module);
    this.pool.learn(module.worker, module.sources ?? []);
  }

  /** The files that a module was imported from, as its worker knows them; undefined when it does not, or does not answer. */
  async sourcesOf({ worker, plan }: RunningModule): Promise<readonly SourceFile[] | undefined> {
    const request = { type: "ReadSources", source: plan.shape.source } as const;
    return this.ask(worker, request, SOURCES_TIMEOUT_MS).catch(() => undefined);
  }

  /** Opens a worker's rpc server while its modules are prepared: their callers wait already. */
  expectCalls(worker: string): void {
    this.pool
      .rpcEndpoint(worker)
      .catch((error: unknown) => this.#log.debug(`Worker ${worker} did not open its rpc server`, { err: error }));
  }

  /** From here on it runs; fails when its worker ended after its last answer. */
  markRunning(instance: string): void {
    const module = this.running(instance);
    if (this.pool.get(module.worker) === undefined) throw new WorkerExitedError(module.worker, "has ended");
    module.state = "running";
  }

  /** Stops a module and takes it off its worker; the callers of one that is replaced wait for the other instance. */
  undeploy(instance: string, worker: string, timeoutMs: number, isReplaced = false): Promise<undefined> {
    return this.ask(worker, { type: "UndeployModule", instance, isReplaced }, timeoutMs);
  }

  ask<R extends WorkerRequest>(
    workerName: string,
    request: R,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<WorkerAnswers[R["type"]]> {
    const worker = this.pool.get(workerName);
    if (worker === undefined) return Promise.reject(new WorkerExitedError(workerName, "has ended"));
    return worker.request(request, { timeoutMs, signal });
  }

  consumersOf(instance: string): RunningModule[] {
    return [...this.modules.values()].filter((module) => needsOf(module).includes(instance));
  }

  running(instance: string): RunningModule {
    return this.modules.get(instance) as RunningModule;
  }

  /** What concerns others only: a failure, or a worker that stands still, is logged and holds nothing up. */
  async #leaveBehind(work: Promise<unknown>, what: string): Promise<void> {
    const late = () => new Error(`no answer within ${OTHERS_TIMEOUT_MS} ms`);
    await withDeadline(work, { timeoutMs: OTHERS_TIMEOUT_MS }, late).catch((error: unknown) =>
      this.#log.warn(`Could not ${what}`, { err: error }),
    );
  }

  async #refTarget(fromWorker: string, resolution: RefResolution): Promise<RefTargetAddress> {
    if (resolution.kind === "disabled") return resolution;
    if (resolution.kind !== "module") return { kind: "absent" };
    const target = this.modules.get(resolution.instance);
    if (target === undefined || this.pool.get(target.worker) === undefined)
      return { kind: "gone", instance: resolution.instance };
    const { description, worker } = target;
    const endpoint = fromWorker === worker ? undefined : await this.pool.rpcEndpoint(worker);
    const addresses = (of: readonly Omit<MethodAddress, "kind">[], kind: MethodAddress["kind"]) =>
      of.map(({ name, timeoutMs }) => ({ name, kind, timeoutMs }));
    // One that is not offered says why when it is called.
    const skills = [
      ...description.skills,
      ...description.unoffered.map(({ name }) => ({ name, timeoutMs: undefined })),
    ];
    const methods = [...addresses(description.rpcs, "rpc"), ...addresses(skills, "skill")];
    return { kind: "module", instance: resolution.instance, methods, endpoint };
  }
}

/** A failure of wiring, with the module that it concerns. */
async function named<T>(instance: string, wired: Promise<T>): Promise<T> {
  try {
    return await wired;
  } catch (error) {
    throw new LoadError(instance, "wire", error);
  }
}

/** The references of one module out of what `resolve` returned. */
export function refsOf(
  plan: PlannedModule,
  resolutions: ReadonlyMap<string, RefResolution>,
): Map<string, RefResolution> {
  return new Map(
    plan.shape.refs.map(({ name }) => [name, resolutions.get(`${plan.instance}.${name}`) ?? { kind: "absent" }]),
  );
}

/** Instances that a module's references point to. */
export function needsOf(module: RunningModule): string[] {
  return [...module.refs.values()].flatMap((resolution) => (resolution.kind === "module" ? [resolution.instance] : []));
}

export function refCandidate({ plan, description }: Pick<RunningModule, "plan" | "description">): RefCandidate {
  const { shape: _, ...place } = plan;
  const { rpcs, skills, unoffered } = description;
  const methods = new Set([...rpcs, ...skills, ...unoffered].map((method) => method.name));
  return { ...place, shape: description, methods };
}

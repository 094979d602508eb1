import { rm } from "node:fs/promises";
import type { RpcServer } from "@dimos/rpc";
import type { Blueprint } from "../blueprint/blueprint.ts";
import { newClockBaseMs } from "../clock-base.ts";
import { readDotEnv } from "../config/dot-env.ts";
import type { GlobalConfig } from "../config/global-config.ts";
import { resolveGlobalConfig } from "../config/resolve.ts";
import { serveRun } from "../control/serve-run.ts";
import { CoordinatorStoppedError, LoadAbortedError } from "../errors.ts";
import type { RunLog } from "../log/run-log.ts";
import type { ModuleDescription } from "../module/description.ts";
import type { RunCallOptions } from "../module/module-run.ts";
import { runSettingsOf } from "../module/module-run.ts";
import { RunEmitter, type RunEventName, type RunEvents } from "../report/events.ts";
import type { ModuleStatus } from "../report/module-status.ts";
import type { PublishReceipt } from "../report/publish-receipt.ts";
import type { RunHealth } from "../report/run-health.ts";
import type { RunMetrics } from "../report/run-metrics.ts";
import type { TopicStatus } from "../report/topic-status.ts";
import { checkRunName, fitRunName } from "../runs/run-name.ts";
import { ESTOP_VARIABLE, type EstopReport, type EstopState } from "../safety/estop-state.ts";
import { RunSafety } from "../safety/run-safety.ts";
import { waitAtMost } from "../stream/patience.ts";
import { StreamReader, type StreamSource } from "../stream/stream-reader.ts";
import { socketPaths } from "../worker/socket-paths.ts";
import { workingDirectory } from "../working-directory.ts";
import type { BuildOptions } from "./build-options.ts";
import { ChangeQueue } from "./change-queue.ts";
import { type Deadlines, Deployment } from "./deployment.ts";
import { EmergencyStop } from "./emergency-stop.ts";
import { healthOf } from "./health.ts";
import { Holds } from "./holds.ts";
import { loadBlueprint } from "./load-blueprint.ts";
import { metricsOf } from "./metrics.ts";
import { ModuleCalls } from "./module-calls.ts";
import type { LoadOptions, ResolveNames, RestartModuleOptions } from "./options.ts";
import { OutsidePublisher } from "./outside-publisher.ts";
import { restartModule } from "./restart-module.ts";
import { retireWorker } from "./retire-worker.ts";
import { openRunFiles } from "./run-files.ts";
import { endOfStart, type RunRecord } from "./run-record.ts";
import { statusesOf } from "./running-module.ts";
import { startClock } from "./start-clock.ts";
import { stopModules } from "./stop-modules.ts";
import { streamSource } from "./stream-source.ts";
import { Supervisor } from "./supervisor.ts";
import { topicsOf } from "./topics.ts";
import { unloadModule } from "./unload.ts";
import { watchWorkers } from "./watch-workers.ts";
import { whyEnded } from "./why-ended.ts";
import { WorkerPool } from "./worker-pool.ts";

/** The one parent of a run: deploys modules onto workers, wires them, answers for them, and ends them. */
export class ModuleCoordinator implements AsyncDisposable {
  readonly runId: string;
  readonly config: GlobalConfig;
  /** Directory of the run's log files. */
  readonly logDirectory: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #log: RunLog;
  readonly #socketDirectory: string;
  readonly #record: RunRecord;
  readonly #pool: WorkerPool;
  readonly #deployment: Deployment;
  readonly #safety = new RunSafety();
  readonly #emergencyStop: EmergencyStop;
  readonly #holds: Holds;
  readonly #supervisor: Supervisor;
  readonly #events: RunEmitter;
  readonly #calls: ModuleCalls;
  /** Reads streams for clients over TCP. */
  readonly #streams: StreamReader;
  readonly #outside: OutsidePublisher;
  readonly #stopping = new AbortController();
  readonly #ended = new AbortController();
  readonly #changes = new ChangeQueue(this.#stopping.signal);
  #generation = 0;
  #control: Promise<readonly RpcServer[]> | undefined;
  #stopped: Promise<void> | undefined;

  private constructor(
    name: string,
    blueprints: readonly string[],
    config: GlobalConfig,
    env: Readonly<Record<string, string | undefined>>,
    deadlines: Partial<Deadlines> | undefined,
  ) {
    const { runId, logDirectory, log, socketDirectory, record } = openRunFiles(name, blueprints, config, env);
    this.runId = runId;
    this.logDirectory = logDirectory;
    this.#log = log;
    this.#socketDirectory = socketDirectory;
    this.#record = record;
    this.config = config;
    this.#env = env;
    this.#events = new RunEmitter((error) => log.error("A listener of run events failed", { err: error }));
    const { logLevel, consoleLevel, nWorkers, debugCalls } = config;
    const settings = runSettingsOf(config);
    const validate = env.DIMOS_VALIDATE === "1";
    const clockBaseMs = newClockBaseMs();
    const workerOptions = { runId, logDirectory, logLevel, consoleLevel, nWorkers, debugCalls, validate, settings };
    this.#pool = new WorkerPool(
      { ...workerOptions, clockBaseMs, socketDirectory: this.#socketDirectory, coordinatorPid: process.pid },
      this.#log,
      (worker, exit) => this.#supervisor.workerEnded(worker.name, exit, whyEnded(worker, exit, this.#deployment)),
      startClock(config.clock, clockBaseMs, this.#ended.signal),
      this.#safety,
      (worker, report) => this.#holds.take(worker, report),
    );
    this.#deployment = new Deployment(this.#pool, this.#log, config.transport, deadlines);
    this.#calls = new ModuleCalls(this.#deployment);
    this.#emergencyStop = new EmergencyStop(this.#safety, this.#deployment, this.#log, (estop) => {
      this.#record.estop(estop);
      this.#events.emit("estop", estop);
    });
    this.#holds = new Holds({
      deployment: this.#deployment,
      log: this.#log,
      latch: (reason) => void this.#emergencyStop.latch(reason),
      signal: this.#ended.signal,
    });
    this.#supervisor = new Supervisor({
      deployment: this.#deployment,
      events: this.#events,
      log: this.#log,
      signal: this.#stopping.signal,
      enqueue: (instances, recovery) =>
        void this.#changes.recover(instances, recovery).catch((error: unknown) => {
          if (!this.#stopping.signal.aborted) this.#log.error("Recovery failed", { err: error });
        }),
      changed: () => this.#changed(),
      giveUp: (reason) => void this.#end(reason, "failed"),
    });
    this.#streams = new StreamReader({
      streamSource: (stream) => this.streamSource(stream),
      onChange: (callback) => this.on("modulesChanged", callback),
      log: this.#log,
    });
    this.#outside = new OutsidePublisher(
      this.#deployment,
      this.#safety,
      socketPaths(this.#socketDirectory, "outside").data,
      () => this.#changes.add(() => this.#deployment.wireAll([])),
      this.#log,
    );
    watchWorkers(
      () => this.#pool.workers,
      {
        silent: ({ name, silentMs }, isResponsive) => this.#supervisor.workerSilent(name, isResponsive, silentMs),
        stalled: (worker, stalledMs) => this.#supervisor.workerStalled(worker, stalledMs),
      },
      this.#stopping.signal,
    );
  }

  /** Loads a blueprint into a new run. When that fails, nothing is left of it. */
  static async build(blueprint: Blueprint, options: BuildOptions = {}): Promise<ModuleCoordinator> {
    const env = options.env ?? process.env;
    checkRunName(options.name);
    const dotEnv = readDotEnv(workingDirectory()) ?? {};
    const config = resolveGlobalConfig({ env, dotEnv, overrides: options.globals ?? {} }, blueprint.globals);
    const name = options.name ?? fitRunName(blueprint.entries[0]?.instance ?? "run");
    const coordinator = new ModuleCoordinator(name, options.blueprints ?? [], config, env, options.deadlines);
    try {
      // Before there is a worker: each knows before its modules start.
      const reason = options.estop ?? env[ESTOP_VARIABLE];
      if (reason !== undefined) await coordinator.estop(reason);
      options.onCoordinator?.(coordinator);
      coordinator.#control = coordinator.#serve(options.resolveNames);
      await Promise.all([coordinator.loadBlueprint(blueprint, options), coordinator.#control]);
      coordinator.#record.enter("running");
      return coordinator;
    } catch (error) {
      const { state, reason } = endOfStart(error);
      await coordinator.#end(reason, state);
      throw error;
    }
  }

  /** Where clients in other processes connect to. */
  get endpoint(): string {
    return this.#record.entry.endpoint;
  }

  /** Goes up with every change of what runs; whatever was learned at another generation may be out of date. */
  get generation(): number {
    return this.#generation;
  }

  on<K extends RunEventName>(name: K, listener: (event: RunEvents[K]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Adds a blueprint's modules. Loads are done one after the other; one that fails changes nothing. */
  loadBlueprint(blueprint: Blueprint, options: LoadOptions = {}): Promise<readonly string[]> {
    return this.#changes.add(() =>
      loadBlueprint(blueprint, options, {
        deployment: this.#deployment,
        env: this.#env,
        settings: this.config,
        isFirst: this.#generation === 0,
        log: this.#log,
        signal: this.#stopping.signal,
        reachable: this.#control,
        changed: () => this.#changed(),
      }),
    );
  }

  /** Takes a module out of the run. */
  unloadModule(instance: string): Promise<void> {
    return this.#changes.add(async () => {
      this.#calls.running(instance);
      const stopTimeoutMs = this.config.stopTimeoutMs / 2;
      await unloadModule(instance, this.#deployment, this.#log, stopTimeoutMs, (worker) => this.#retire(worker));
      this.#supervisor.forget(instance);
      this.#safety.capabilities.freeInstance(instance);
      this.#changed();
    }, [instance]);
  }

  /**
   * Replaces a module by a new instance, by default of its edited source. Streams keep their topics, callers their
   * handles. Rejects with `RestartError`, which says what serves now.
   */
  restartModule(instance: string, { reloadSource = true }: RestartModuleOptions = {}): Promise<void> {
    return this.#changes.add(async () => {
      this.#calls.running(instance);
      await restartModule(instance, reloadSource, {
        deployment: this.#deployment,
        calls: this.#calls,
        supervisor: this.#supervisor,
        capabilities: this.#safety.capabilities,
        events: this.#events,
        log: this.#log,
        signal: this.#stopping.signal,
        stopTimeoutMs: this.config.stopTimeoutMs / 2,
        retire: (worker) => this.#retire(worker),
        changed: () => this.#changed(),
      });
    }, [instance]);
  }

  /** A snapshot of what runs, also while a load is under way. */
  listModules(): readonly ModuleStatus[] {
    return statusesOf(this.#deployment.modules.values(), this.#pool);
  }

  /** What one module is and offers; undefined when it does not run. */
  descriptionOf(instance: string): ModuleDescription | undefined {
    return this.#deployment.modules.get(instance)?.description;
  }

  async health(): Promise<RunHealth> {
    const { estop, capabilities } = this.#safety;
    return healthOf(this.listModules(), this.#pool.workers, estop, capabilities.holders());
  }

  /** Whether the emergency stop is latched. */
  get estopState(): EstopState {
    return this.#safety.estop;
  }

  /**
   * Latches the emergency stop: skills that use a capability are aborted, actuators halt and get no more commands, and
   * nothing moves until `resetEstop`, whatever is restarted or loaded. Waits for no load, restart or stop. The first reason counts.
   */
  async estop(reason = "asked to"): Promise<EstopReport> {
    // What is being stopped may still move.
    if (this.#ended.signal.aborted) throw new CoordinatorStoppedError();
    return this.#emergencyStop.latch(reason);
  }

  /** Lets the robot move again. What was aborted stays so: nothing moves until somebody asks for it. */
  async resetEstop(): Promise<EstopReport> {
    this.#assertAlive();
    return this.#emergencyStop.reset();
  }

  /** What the run counts: messages of each port, calls of each method, event loop delay of each worker. */
  metrics(): Promise<RunMetrics> {
    return metricsOf(this.#pool.workers);
  }

  /** Calls a method of a module (or reads a deep path of it) where it runs; while it restarts, the call waits. */
  async call(instance: string, method: string, args: readonly unknown[], options?: RunCallOptions): Promise<unknown> {
    this.#assertAlive();
    return this.#calls.call(instance, method, args, options);
  }

  /** Endpoint of the rpc server of a module's worker. */
  async endpointOf(instance: string): Promise<string> {
    this.#assertAlive();
    return this.#calls.endpointOf(instance);
  }

  /** Where a stream comes from, for readers outside; undefined when no module publishes it. */
  async streamSource(stream: string): Promise<StreamSource | undefined> {
    const source = await streamSource(stream, this.#deployment);
    if (source === undefined) return undefined;
    return { ...source, publishers: [...source.publishers, await this.#outside.socket()] };
  }

  /** Every stream of the run with its publishers and subscribers, sorted by topic. */
  async listTopics(): Promise<readonly TopicStatus[]> {
    return topicsOf(this.#deployment);
  }

  /**
   * Publishes a message to the subscribers of a stream from outside of the run's modules; where a class with that
   * message is known here, it is checked and completed first. Resolves when it is on its way, or to undefined when no
   * module has such a stream.
   */
  async publish(
    stream: string,
    message: unknown,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<PublishReceipt | undefined> {
    this.#assertAlive();
    return this.#outside.publish(stream, message, options.signal);
  }

  /** Ends everything within `stopTimeoutMs`: a load that is under way, modules (consumers first), workers. One shared promise. */
  stop(): Promise<void> {
    return this.#end("asked to");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #end(reason: string, state: "stopped" | "failed" = "stopped"): Promise<void> {
    this.#stopped ??= this.#stop(reason, state);
    return this.#stopped;
  }

  async #serve(resolveNames: ResolveNames | undefined): Promise<readonly RpcServer[]> {
    const options = { endpoint: this.endpoint, streams: this.#streams, resolveNames, log: this.#log };
    const servers = await serveRun(this, options, this.config);
    const tcpEndpoint = servers[1]?.endpoint;
    if (tcpEndpoint !== undefined) {
      this.#log.info(`Serves clients with the token at ${tcpEndpoint}`);
      this.#record.listensAt(tcpEndpoint);
    }
    return servers;
  }

  /** Ends a worker that no module is on any more, once its callers have heard of that and left. */
  async #retire(worker: string): Promise<void> {
    this.#changed();
    await retireWorker(worker, this.#pool, this.#calls, this.config.stopTimeoutMs / 2);
  }

  #changed(): void {
    this.#generation++;
    this.#events.emit("modulesChanged", { generation: this.#generation });
  }

  #assertAlive(): void {
    if (this.#stopped !== undefined) throw new CoordinatorStoppedError();
  }

  async #stop(reason: string, state: "stopped" | "failed"): Promise<void> {
    const deadlineMs = performance.now() + this.config.stopTimeoutMs;
    this.#stopping.abort(new LoadAbortedError());
    // A change that is under way is aborted; one that does not end for all that fails when its workers do.
    await waitAtMost(this.config.stopTimeoutMs / 4, this.#changes.idle);
    this.#record.enter("stopping");
    this.#log.info(`Stopping: ${reason}`);
    const modules = [...this.#deployment.modules.values()];
    await stopModules(modules, this.#pool, this.#log, (deadlineMs - performance.now()) / 2);
    await this.#calls[Symbol.asyncDispose]();
    const names = this.#pool.workers.map((worker) => worker.name);
    const timeoutMs = Math.max(deadlineMs - performance.now(), 100);
    await this.#pool
      .stop(names, timeoutMs)
      .catch((error: unknown) => this.#log.warn("Stopping workers failed", { err: error }));
    await this.#pool.endAll();
    this.#deployment.modules.clear();
    this.#ended.abort();
    this.#changed();
    this.#events.emit("stopped", { reason });
    // A control endpoint that could not be served is why the build has failed.
    const servers = (await this.#control?.catch(() => undefined)) ?? [];
    await Promise.all(servers.map((server) => server.close()));
    await this.#streams[Symbol.asyncDispose]();
    await this.#outside[Symbol.asyncDispose]();
    await rm(this.#socketDirectory, { recursive: true, force: true });
    this.#record.end(state, reason);
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import type { RpcHandler, RpcServer } from "@dimos/rpc";
import type { Clock } from "../clock.ts";
import { ModuleRestartedError, NoSuchModuleError } from "../errors.ts";
import type { RunLog } from "../log/run-log.ts";
import type { ModuleDescription } from "../module/description.ts";
import type { ModuleClass } from "../module/module.ts";
import { classId } from "../module/shape.ts";
import type { MemoryFaults } from "../report/memory-faults.ts";
import type { LeaseAuthority } from "../safety/lease.ts";
import { monotonicMs } from "../stream/delivery.ts";
import { StreamHub } from "../stream/hub.ts";
import type { ActuatorPulse } from "./actuator-pulse.ts";
import { CallCounts } from "./call-counts.ts";
import { CallGate } from "./call-gate.ts";
import { CoordinatorWatch } from "./coordinator-watch.ts";
import { EmergencySocket } from "./emergency-socket.ts";
import { exposeModule, hideModule } from "./expose.ts";
import { HostedModule } from "./hosted-module.ts";
import { importModuleClass } from "./import-module.ts";
import type { ImportedFiles } from "./imported-files.ts";
import { exposeLent } from "./lent-call.ts";
import { LoopDelay } from "./loop-delay.ts";
import type {
  DeployModule,
  SafetyReport,
  SetRef,
  WireStreams,
  WorkerAnswers,
  WorkerOptions,
  WorkerRequest,
} from "./messages.ts";
import type { WorkerMetrics } from "./metrics.ts";
import { RefFactory } from "./ref-factory.ts";
import { RunLink } from "./run-link.ts";
import { controlEndpoint, socketPaths } from "./socket-paths.ts";
import { WorkerSafety } from "./worker-safety.ts";

/** Everything else waits this long for actuators to halt. */
const HALT_TIMEOUT_MS = 300;
/** Calls that are under way may take this long to say how they ended once their module has stopped. */
const LAST_CALLS_MS = 500;
const DRAIN_POLL_MS = 10;

/** What a worker has that is a process of its own. */
export interface OwnProcess {
  /** Shows that the event loop runs. */
  readonly pulse: ActuatorPulse;
  /** What modules here were imported from. */
  readonly imported: ImportedFiles;
  /** Tells the coordinator what the worker does by itself. */
  readonly report: (report: SafetyReport) => void;
}

/** Runs modules and answers the coordinator's requests: the inside of a worker process, or of a system without any. */
export class WorkerHost implements AsyncDisposable {
  readonly name: string;
  /** What the rpc server offers: `Instance.method`, and reads of deep paths. */
  readonly methods = new Map<string, RpcHandler>();
  readonly #options: WorkerOptions;
  readonly #log: RunLog;
  readonly #clock: Clock;
  readonly #hub: StreamHub;
  readonly #modules = new Map<string, HostedModule>();
  /** Those that are being imported or constructed; what is undeployed meanwhile is dropped when it is there. */
  readonly #deploying = new Map<string, AbortController>();
  /** Classes that need no import, by class id. */
  readonly #classes = new Map<string, ModuleClass>();
  readonly #refs: RefFactory;
  readonly #calls = new CallCounts();
  readonly #gates = new Map<string, CallGate>();
  /** Instances that were here and whose callers wait for the one that takes their place, or is elsewhere by now. */
  readonly #replaced = new Set<string>();
  readonly #loopDelay = new LoopDelay();
  readonly #safety: WorkerSafety;
  readonly #pulse: ActuatorPulse | undefined;
  readonly #imported: ImportedFiles | undefined;
  /** Undefined without a process of its own: then the coordinator cannot be silent while the worker runs. */
  readonly #coordinator: CoordinatorWatch | undefined;
  #emergency: Promise<EmergencySocket> | undefined;
  readonly #run: RunLink;
  #rpc: Promise<RpcServer> | undefined;
  #shutdown: Promise<void> | undefined;

  /**
   * @param leases where skills here get what they use
   * @param own left out for a worker inside the coordinator's process
   */
  constructor(options: WorkerOptions, log: RunLog, clock: Clock, leases: LeaseAuthority, own?: OwnProcess) {
    this.name = options.name;
    this.#options = options;
    this.#log = log;
    this.#clock = clock;
    this.#hub = new StreamHub(log);
    this.#pulse = own?.pulse;
    this.#imported = own?.imported;
    const rewire = () => {
      for (const module of this.#modules.values()) module.shut(this.#hub);
    };
    this.#safety = new WorkerSafety({ leases, log, rewire, report: (report) => own?.report(report) });
    this.#coordinator = own && new CoordinatorWatch(options.coordinatorPid, this.#safety.hold);
    this.#refs = new RefFactory(this.methods, this.#safety);
    exposeLent(this.methods, this.#safety);
    const { runId, settings, socketDirectory } = options;
    this.#run = new RunLink({ endpoint: controlEndpoint(socketDirectory), runId, settings, log, safety: this.#safety });
  }

  /** How often the shared memory of each stream that is published here was at fault. */
  get memoryFaults(): MemoryFaults {
    return this.#hub.memoryFaults;
  }

  get descriptions(): ModuleDescription[] {
    return [...this.#modules.values()].map(({ description }) => description);
  }

  provide(moduleClass: ModuleClass): void {
    this.#classes.set(classId(moduleClass), moduleClass);
  }

  /** Whatever else happens, what moves stops first, for as long as that may take. */
  async haltActuators(): Promise<void> {
    const actuators = [...this.#modules.values()].filter((module) => module.description.actuator);
    if (actuators.length === 0) return;
    const halted = Promise.allSettled(actuators.map((module) => module.stop()));
    await Promise.race([halted, new Promise((resolve) => setTimeout(resolve, HALT_TIMEOUT_MS).unref())]);
  }

  /** The coordinator's event loop runs. */
  beat(): void {
    this.#coordinator?.beat();
  }

  /** Callers are cut off at once; modules go on. */
  async closeRpc(): Promise<void> {
    await (await this.#rpc)?.close();
  }

  async handle<R extends WorkerRequest>(request: R): Promise<WorkerAnswers[R["type"]]> {
    return (await this.#answer(request)) as WorkerAnswers[R["type"]];
  }

  /** Stops every module, actuators before the others, newest first, and closes all sockets. One shared promise. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#shutdown ??= this.#close();
    return this.#shutdown;
  }

  async #answer(request: WorkerRequest): Promise<unknown> {
    switch (request.type) {
      case "DeployModule":
        return this.#deploy(request);
      case "WireStreams":
        return this.#wire(request);
      case "SetRef":
        return this.#setRef(request);
      case "BuildModule":
        return this.#module(request.instance).build();
      case "StartModule":
        return this.#start(request.instance);
      case "StopModule":
        if (request.isReplaced === true) this.#replace(request.instance);
        return this.#stop(this.#module(request.instance));
      case "UndeployModule":
        return this.#undeployAsked(request.instance, request.isReplaced);
      case "ReadSources":
        return this.#imported?.reachableFrom(request.source);
      case "StartRpc":
        this.#rpc ??= this.#serve();
        return (await this.#rpc).endpoint;
      case "DrainRpc":
        return this.#drain();
      case "StartData":
        return this.#hub.listen(socketPaths(this.#options.socketDirectory, this.name).data);
      case "ReadMetrics":
        return this.#readMetrics();
      case "SuppressConsole":
        return this.#log.silenceConsole();
      case "Estop":
        return this.#safety.change(request.estop, request.heard);
      case "CancelMotion":
        return this.#safety.cancelMotion(request.heldMs, request.reason);
      case "ReleaseHold":
        return this.#safety.hold.release();
      case "WorkerEnded":
        return this.#refs.workerEnded(request, this.#rpcEndpointOf(request.worker));
      case "PathLost":
        return this.#modules.get(request.instance)?.losePath(request.ports, request.loss);
      case "Shutdown":
        return this[Symbol.asyncDispose]();
      default:
        throw new TypeError(`Unknown request ${(request satisfies never as { type: string }).type}`);
    }
  }

  async #deploy(request: DeployModule): Promise<ModuleDescription> {
    this.#dropDeploying(request.instance);
    const dropped = new AbortController();
    this.#deploying.set(request.instance, dropped);
    try {
      return await this.#construct(request, dropped.signal);
    } finally {
      if (this.#deploying.get(request.instance) === dropped) this.#deploying.delete(request.instance);
    }
  }

  async #construct(request: DeployModule, dropped: AbortSignal): Promise<ModuleDescription> {
    const { validate, debugCalls, settings, clockBaseMs } = this.#options;
    const provided = this.#classes.get(`${request.source}#${request.className}`);
    const moduleClass = provided ?? (await importModuleClass(request.source, request.className));
    dropped.throwIfAborted();
    const safety = this.#safety;
    const services = { log: this.#log, clock: this.#clock, clockBaseMs, run: this.#run, settings, validate, safety };
    const module = await HostedModule.construct(moduleClass, request, services);
    if (module.description.actuator) await this.#listenForStops();
    if (dropped.aborted) {
      // What fails in it is in the log; nobody waits for it any more.
      await module.stop().catch(() => undefined);
      throw dropped.reason;
    }
    this.#modules.set(request.instance, module);
    this.#log.debug(`Deployed ${request.instance}`, { source: request.source });
    exposeModule(this.methods, request.instance, module.instance, { debugCalls, safety });
    this.#calls.watch(request.instance, this.methods);
    const gate = new CallGate(request.instance, request.isReplacement === true);
    gate.guard(this.methods);
    this.#gates.set(request.instance, gate);
    return module.description;
  }

  #readMetrics(): WorkerMetrics {
    const ports = [...this.#modules.values()].flatMap((module) => module.readPorts(this.#hub));
    return { atMs: monotonicMs(), eventLoopDelayMs: this.#loopDelay.read(), methods: this.#calls.read(), ports };
  }

  async #start(instance: string): Promise<void> {
    const module = this.#module(instance);
    await module.start(this.#hub);
    this.#replaced.delete(instance);
    this.#gates.get(instance)?.open();
    if (module.description.actuator) this.#pulse?.watch(true);
  }

  /** Makes calls wait for the instance that replaces this one. */
  #replace(instance: string): void {
    this.#replaced.add(instance);
    this.#gates.get(instance)?.shut();
  }

  #stop(module: HostedModule): Promise<void> {
    if (module.description.actuator) {
      this.#pulse?.watch(false);
      this.#coordinator?.end();
    }
    return module.stop();
  }

  /** Before an actuator is built: it may be stopped as soon as it can move. */
  async #listenForStops(): Promise<void> {
    if (this.#coordinator === undefined) return;
    this.#emergency ??= this.#openEmergencySocket();
    await this.#emergency;
  }

  async #openEmergencySocket(): Promise<EmergencySocket> {
    const { estop } = socketPaths(this.#options.socketDirectory, this.name);
    const socket = new EmergencySocket(estop, async (reason) => {
      const failed = await this.#safety.stopHere(reason);
      const actuators = this.descriptions.filter(({ actuator }) => actuator).map(({ instance }) => instance);
      const halted = actuators.filter((instance) => !failed.includes(instance));
      return { worker: this.name, estop: this.#safety.estop, halted, failed };
    });
    await socket.listen();
    return socket;
  }

  #wire(request: WireStreams): Promise<void> {
    return this.#module(request.instance).wire(request.ports, this.#hub);
  }

  #setRef({ instance, ref, target }: SetRef): void {
    this.#module(instance).injectRef(ref, this.#refs.point(instance, ref, target));
  }

  /** Calls that are under way end with the instance. */
  async #undeployAsked(instance: string, isReplaced = false): Promise<void> {
    const gate = this.#gates.get(instance);
    if (!isReplaced) this.#replaced.delete(instance);
    try {
      await this.#undeploy(instance);
    } finally {
      const ended = (method: string) =>
        isReplaced ? new ModuleRestartedError(method, instance) : NoSuchModuleError.gone(instance);
      await gate?.end(ended, LAST_CALLS_MS);
    }
  }

  async #undeploy(instance: string): Promise<void> {
    this.#dropDeploying(instance);
    const module = this.#modules.get(instance);
    if (module === undefined) return;
    this.#modules.delete(instance);
    this.#calls.forget(instance);
    this.#gates.delete(instance);
    this.#refs.forget(instance);
    hideModule(this.methods, instance, this.#replaced.has(instance));
    try {
      await this.#stop(module);
    } finally {
      module.unwire(this.#hub, this.#modules.values());
    }
  }

  #dropDeploying(instance: string): void {
    this.#deploying.get(instance)?.abort(new NoSuchModuleError(`${instance} was undeployed while it was deployed`));
    this.#deploying.delete(instance);
  }

  async #serve(): Promise<RpcServer> {
    const { serve } = await import("@dimos/rpc");
    // It publishes nothing: names of topics that a client makes up are refused, not kept.
    return serve(this.methods, { endpoint: this.#rpcEndpointOf(this.name), topics: new Set<string>() });
  }

  async #drain(): Promise<void> {
    const server = await this.#rpc;
    while (server !== undefined && server.stats().clients > 0 && this.#shutdown === undefined)
      await sleep(DRAIN_POLL_MS);
  }

  #rpcEndpointOf(worker: string): `unix:${string}` {
    return `unix:${socketPaths(this.#options.socketDirectory, worker).rpc}`;
  }

  #module(instance: string): HostedModule {
    const module = this.#modules.get(instance);
    if (module === undefined) throw new NoSuchModuleError(`${instance} is not on worker ${this.name}`);
    return module;
  }

  async #close(): Promise<void> {
    for (const instance of this.#deploying.keys()) this.#dropDeploying(instance);
    await this.haltActuators();
    const modules = [...this.#modules.keys()].reverse();
    const stopped = await Promise.allSettled(modules.map((instance) => this.#undeploy(instance)));
    await (await this.#emergency?.catch(() => undefined))?.[Symbol.asyncDispose]();
    this.#loopDelay[Symbol.dispose]();
    await this.#refs.close();
    await this.#run[Symbol.asyncDispose]();
    await this.#hub[Symbol.asyncDispose]();
    await (await this.#rpc)?.close();
    const failed = stopped.filter((result) => result.status === "rejected").map((result) => result.reason as unknown);
    if (failed.length > 0) throw new AggregateError(failed, `${failed.length} modules failed to stop`);
  }
}

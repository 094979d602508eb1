import { inspect } from "node:util";
import {
  type DeepReadonly,
  type EstopReport,
  type GlobalConfigInput,
  type ModuleClass,
  type ModuleDescription,
  type ModuleStatus,
  type PublishReceipt,
  type Qos,
  RemoteCoordinator,
  type RestartModuleOptions,
  type RunCallOptions,
  type RunEventName,
  type RunEvents,
  type RunHealth,
  type RunMetrics,
  readDotEnv,
  resolveGlobalConfig,
  type TopicStatus,
  workingDirectory,
} from "@dimos/core";
import { checkCallOptions, InvalidArgumentError, printable } from "@dimos/rpc";
import { checkListener, checkSettings, checkStream, checkSubscription, checkTarget } from "./check-arguments.ts";
import { describeTarget, listMethods, type MethodListing, type ModuleListing, whichMethod } from "./describe.ts";
import { NotRunningError, UnknownMethodError } from "./errors.ts";
import { findRun } from "./find-run.ts";
import type { ModuleHandle, ModuleHandles, Skills, SkillTools } from "./handles.ts";
import { serveMembers } from "./member-proxy.ts";
import { callMethod } from "./module-handle.ts";
import type { ModuleName } from "./module-lookup.ts";
import type { ConnectOptions, DimosState, RunHandle, RunOptions } from "./options.ts";
import { listSkills, listUnoffered, type SkillListing, skillProxy, type UnofferedListing } from "./skill-proxy.ts";
import { SystemLife } from "./system-life.ts";
import type { Target } from "./targets.ts";

/** One robot system in this program, or a connection to one elsewhere. Made with its settings, it starts nothing before `run`. */
export class DimosRuntime implements AsyncDisposable {
  /** A bundler calls a class that names itself otherwise. */
  static readonly name = "Dimos";
  readonly #life: SystemLife;

  /** @param settings or, for `connect`, a life that another process leads */
  constructor(settings: GlobalConfigInput | SystemLife = {}) {
    this.#life = settings instanceof SystemLife ? settings : lifeOf(settings);
  }

  /** Attaches to a running system, started by `dimos run` or by another program. The same API; `stop` only disconnects. */
  static async connect(options: ConnectOptions = {}): Promise<DimosRuntime> {
    refuseInWorker("Dimos.connect()");
    checkSettings("the options of connect", options);
    const { run, token = tokenOfEnvironment(), timeoutMs = 5000, intercept } = options;
    if (run !== undefined && typeof run !== "string") throw new InvalidArgumentError("run", "an id or a name", run);
    const endpoint = options.endpoint ?? findRun(run).endpoint;
    const system = await RemoteCoordinator.connect(endpoint, { timeoutMs, ...(token === undefined ? {} : { token }) });
    // Nothing after this may throw: a connection that nobody holds would keep the program alive. So the settings of
    // this process, which are those of a run of its own, are not read here.
    const life = new SystemLife({ overrides: {}, debugCalls: system.debugCalls, isReserved: isMember, intercept });
    life.adopt(system);
    return new DimosRuntime(life);
  }

  /**
   * Starts a blueprint, a module class, a name of either, or several of these; later calls add to what runs. When it
   * fails, nothing of it is left, and what ran before goes on.
   */
  async run(target: Target | readonly Target[], options: RunOptions = {}): Promise<RunHandle> {
    const modules = await this.#life.load(target, options);
    return { modules, stop: () => this.stop() };
  }

  /** Replaces a module by a new instance, by default of its edited source. Handles and streams go on. */
  async restart(module: ModuleName, options: RestartModuleOptions = {}): Promise<void> {
    await this.#life.running.restartModule(this.#life.modules.nameOf(module), options);
  }

  /** Takes a module out of the system. */
  async unload(module: ModuleName): Promise<void> {
    await this.#life.running.unloadModule(this.#life.modules.nameOf(module));
  }

  /** Ends everything, a `run` under way included; of a connected system, only the connection. One shared promise. */
  stop(): Promise<void> {
    return this.#life.stop();
  }

  /** What `stop` does to a connected system, said plainly. */
  async disconnect(): Promise<void> {
    if (!(this.#life.last instanceof RemoteCoordinator)) {
      throw new NotRunningError("This system runs in this program: there is nothing to disconnect from. Use stop()");
    }
    await this.stop();
  }

  get state(): DimosState {
    return this.#life.state;
  }

  get isRunning(): boolean {
    return this.state === "running";
  }

  /** Id of the run, as `dimos status` shows it. */
  get runId(): string {
    return this.#life.running.runId;
  }

  /** Handles of the running modules by instance name. */
  get modules(): ModuleHandles {
    const handles = this.listModules().map(({ instance }) => [instance, this.#life.modules.handle(instance)]);
    return Object.fromEntries(handles) as ModuleHandles;
  }

  /** Every skill of every module as a function. The object outlives restarts. */
  get skills(): Skills & SkillTools {
    return skillProxy(this.#life.running);
  }

  listSkills(): readonly SkillListing[] {
    return listSkills(this.#life.running.listModules());
  }

  /** Skills that cannot be called, and why. */
  listUnofferedSkills(): readonly UnofferedListing[] {
    return listUnoffered(this.#life.running.listModules());
  }

  listModules(): readonly ModuleStatus[] {
    return this.#life.last?.listModules() ?? [];
  }

  /** Methods and skills of one module, or of all. */
  listRpcs(module?: ModuleName): readonly MethodListing[] {
    const modules = this.#life.running.listModules();
    if (module === undefined) return modules.flatMap(listMethods);
    return listMethods(this.#life.modules.statusOf(module));
  }

  /** What a module (`"Camera"`, a class, a handle) or a method (`"Camera.capture"`) is, without asking it. */
  describe(target: ModuleName): ModuleListing | MethodListing {
    return describeTarget(
      typeof target === "string" ? target : this.#life.modules.nameOf(target),
      this.#life.running.listModules(),
    );
  }

  /** A handle by instance name, or by class: then it is typed by it. */
  getModule<T>(module: ModuleClass & { new (...args: never[]): T }): ModuleHandle<T>;
  getModule<K extends keyof ModuleHandles & string>(module: K): ModuleHandles[K];
  getModule(module: string | ModuleClass): unknown {
    const lookup = this.#life.modules;
    return typeof module === "string" ? lookup.find(module) : lookup.handle(lookup.nameOf(module));
  }

  /** Calls `"Module.method"` with arguments and options of its own. */
  async call(target: string, args: readonly unknown[] = [], options: RunCallOptions = {}): Promise<unknown> {
    const system = this.#life.running;
    checkTarget(target, args);
    const method = describeTarget(target, system.listModules());
    if (!("kind" in method)) throw new UnknownMethodError(whichMethod(target, method.methods));
    const description = system.descriptionOf(method.module) as ModuleDescription;
    return callMethod(system, description, method.name, args, options);
  }

  /** The next message of a stream; a latched one's last message at once; `null` when none comes in time. */
  async peekStream(
    stream: string,
    options: { readonly timeoutMs?: number } = {},
  ): Promise<DeepReadonly<unknown> | null> {
    const { streams } = this.#life;
    checkStream(stream);
    checkCallOptions(options);
    return streams.peek(stream, options.timeoutMs ?? 1000);
  }

  /**
   * Calls back with every message of a stream, also after its module restarts, until the returned function is called. What
   * `qos` does not say is as the stream has it.
   */
  async subscribe(
    stream: string,
    callback: (message: DeepReadonly<unknown>) => unknown,
    qos?: Partial<Qos>,
  ): Promise<() => void> {
    const { streams } = this.#life;
    checkStream(stream);
    checkSubscription(callback, qos);
    return streams.subscribe(stream, callback, qos);
  }

  /**
   * Publishes a message to the subscribers of a stream: modules that receive it, and readers elsewhere. It is checked
   * with its schema where the run knows that. Rejects when no module has such a stream.
   */
  async publish(
    stream: string,
    message: unknown,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<PublishReceipt> {
    const { streams } = this.#life;
    checkStream(stream);
    return streams.publish(stream, message, options);
  }

  /** Every stream with its message type, publishers and subscribers, sorted by topic. */
  async listTopics(): Promise<readonly TopicStatus[]> {
    return this.#life.running.listTopics();
  }

  async health(): Promise<RunHealth> {
    return this.#life.running.health();
  }

  /**
   * What the run counts: messages of each port, calls of each method, event loop delay and memory of each worker. A rate
   * is the difference between two readings.
   */
  async metrics(): Promise<RunMetrics> {
    return this.#life.running.metrics();
  }

  /**
   * Emergency stop, at once, also while modules are loaded or restarted: what moves is aborted, actuators halt, and nothing
   * moves until `resetEstop()`. Resolves to which actuators halted, and who did not confirm. Calling it again is fine.
   */
  async estop(reason?: string): Promise<EstopReport> {
    return this.#life.present.estop(reason);
  }

  /** Lets the robot move again after `estop`. Nothing moves until somebody asks for it. */
  async resetEstop(): Promise<EstopReport> {
    return this.#life.present.resetEstop();
  }

  /** Calls back when modules come, go, crash or come back. Returns a function that ends that. */
  on<K extends RunEventName>(name: K, callback: (event: RunEvents[K]) => void): () => void {
    checkListener(name, callback);
    return this.#life.on(name, callback);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  [inspect.custom](): string {
    const names = this.listModules().map(({ instance }) => instance);
    return printable(`<Dimos ${this.state} modules=[${names.join(", ")}]>`);
  }

  /** `app.SomeModule`, for a name that `Dimos` itself does not have; undefined on anything that is no instance. */
  static member(app: unknown, name: string): unknown {
    return typeof app === "object" && app !== null && #life in app
      ? (app as DimosRuntime).#life.modules.find(name)
      : undefined;
  }
}

/** Settings that cannot work are refused at once. */
function lifeOf(overrides: GlobalConfigInput): SystemLife {
  refuseInWorker("new Dimos()");
  checkSettings("the settings of a Dimos", overrides);
  const { debugCalls } = resolveGlobalConfig({
    env: process.env,
    dotEnv: readDotEnv(workingDirectory()) ?? {},
    overrides,
  });
  return new SystemLife({ overrides: { ...overrides }, debugCalls, isReserved: isMember });
}

function refuseInWorker(what: string): void {
  if (process.env.DIMOS_WORKER_PID !== String(process.pid)) return;
  throw new NotRunningError(
    `${what} inside a worker: a module cannot start a system of its own. Use refs, or a program beside it`,
  );
}

/** `DIMOS_TOKEN` is what a run asks its clients for, and what its clients show. */
function tokenOfEnvironment(): string | undefined {
  return process.env.DIMOS_TOKEN ?? readDotEnv(workingDirectory())?.DIMOS_TOKEN;
}

function isMember(name: string): boolean {
  return name in Object.prototype || Object.hasOwn(DimosRuntime.prototype, name);
}

serveMembers(DimosRuntime.prototype, DimosRuntime.member);

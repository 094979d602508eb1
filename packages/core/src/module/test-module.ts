import { didYouMean } from "@dimos/rpc";
import { MODULE } from "../brand.ts";
import { newClockBaseMs } from "../clock-base.ts";
import { GlobalConfigSchema } from "../config/global-config.ts";
import type { DeepReadonly } from "../deep-readonly.ts";
import { ModuleSpecError, NoSuchModuleError } from "../errors.ts";
import { InputCheck } from "../input/input-check.ts";
import type { Logger } from "../log/logger.ts";
import type { MessageType } from "../message.ts";
import { parseMessage } from "../parse-message.ts";
import { type EstopState, NOT_STOPPED } from "../safety/estop-state.ts";
import type { HoldEvent } from "../safety/hold.ts";
import { SimulationClock } from "../simulation-clock.ts";
import { In } from "../stream/in.ts";
import { Topic } from "../stream/topic.ts";
import { hostSkills } from "./methods.ts";
import type { ModuleBase, ModuleClass } from "./module.ts";
import { ModuleChildren } from "./module-children.ts";
import { INTERNALS, type ModuleCore } from "./module-core.ts";
import type { ModuleRun } from "./module-run.ts";
import { normalizeRef } from "./refs.ts";
import { stopModule } from "./stop-module.ts";

export interface TestModuleOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  /** Fakes for the module's references, by name; an optional one that is left out is `undefined`. */
  readonly refs?: Readonly<Record<string, unknown>>;
  readonly instanceName?: string;
  /** Stands for the run around the module: what `runOf(module)` returns. */
  readonly run?: Partial<ModuleRun>;
  /** Messages are checked with their schemas, as with `DIMOS_VALIDATE=1`. Default: true; false shows what the module makes of bad ones. */
  readonly validate?: boolean;
}

type PortName<T, Member extends string> = {
  [K in keyof T]: T[K] extends { readonly type: { readonly schema: unknown } } & Record<Member, unknown> ? K : never;
}[keyof T] &
  string;
type Carried<P> = P extends { readonly type: MessageType<infer T> } ? T : never;

/** A module without a system, in the hands of a test. */
export interface TestedModule<T> extends AsyncDisposable {
  /** Skills and rpc methods are called on it. */
  readonly module: T;
  /** Its time: passes only with `advance`. */
  readonly clock: SimulationClock;
  /** Everything that was logged, as `level: message`. */
  readonly logged: readonly string[];
  /** Sends a message into an input and lets the module take it; rejects when it does not fit its schema, or its type's `check` finds a fault. */
  publish<K extends PortName<T, "subscribe">>(input: K, message: Carried<T[K]>): Promise<void>;
  /** Everything an output has published so far, oldest first. */
  published<K extends PortName<T, "publish">>(output: K): readonly DeepReadonly<Carried<T[K]>>[];
  start(): Promise<void>;
  /** Tells the module of an emergency stop, which cuts an actuator off its inputs; without a reason, that it was reset. */
  estop(reason?: string): Promise<void>;
  /** Tells the module of a hold, which cuts an actuator off its inputs until it ends. */
  hold(event: HoldEvent): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Constructs a module without a system: publish into its inputs, read its outputs, call its skills, fake its references,
 * advance its clock. `start` builds and starts it; it stops with `await using`.
 */
export async function testModule<T extends ModuleBase>(
  moduleClass: ModuleClass<T> | { new (...args: never[]): T },
  options: TestModuleOptions = {},
): Promise<TestedModule<T>> {
  const target = moduleClass as ModuleClass<T>;
  const schema = target[MODULE].config;
  const config =
    schema === undefined ? {} : await new InputCheck(schema).parse(options.config ?? {}, `config of ${target.name}`);
  const { validate = true } = options;
  const abort = new AbortController();
  const clock = new SimulationClock();
  const logged: string[] = [];
  const children = new ModuleChildren(newClockBaseMs());
  const log = recordingLog(logged);
  const estopListeners: ((estop: EstopState) => unknown)[] = [];
  const holdListeners: ((event: HoldEvent) => unknown)[] = [];
  const instanceName = options.instanceName ?? target.name;
  const module = new target({
    instanceName,
    namespace: instanceName.split("/").slice(0, -1).join("/"),
    config,
    clock,
    log,
    signal: abort.signal,
    run: { ...loneRun(instanceName), ...options.run },
    spawn: (command, args, spawnOptions) => children.spawn(command, args, spawnOptions),
    onEstop: (listener) => void estopListeners.push(listener),
    onHold: (listener) => void holdListeners.push(listener),
    validate,
  });
  hostSkills(module, { instance: instanceName, signal: abort.signal, log });
  const core = module as unknown as ModuleBase & ModuleCore;
  const { ports, injectRef } = core[INTERNALS];
  const refs = target[MODULE].refs ?? {};
  for (const [name, ref] of Object.entries(refs)) if (normalizeRef(ref).optional) injectRef(name, undefined);
  for (const [name, fake] of Object.entries(options.refs ?? {})) {
    if (!Object.hasOwn(refs, name)) throw unknownRef(target.name, name, Object.keys(refs));
    injectRef(name, fake);
  }
  const topics = new Map(
    [...ports].map(([name, port]) => [name, new Topic(`/${name}`, port.type.name, port.type.qos.latched === true)]),
  );
  const published = new Map<string, unknown[]>();
  for (const [name, port] of ports) {
    const messages: unknown[] = [];
    published.set(name, messages);
    const reader = new In(name, port.type, { qos: { keep: "all" }, signal: abort.signal, onError: () => {} });
    reader.subscribe((message) => void messages.push(message));
    reader.attach(topics.get(name));
    port.attach(topics.get(name));
  }
  let isLatched = false;
  let isHeld = false;
  const rewire = () => {
    if (target[MODULE].actuator !== true) return;
    for (const [name, port] of ports) {
      if (!(port instanceof In)) continue;
      port.discard();
      port.attach(isLatched || isHeld ? undefined : topics.get(name));
    }
  };
  let stopped: Promise<void> | undefined;
  const stop = () => {
    abort.abort(new Error(`${instanceName} is stopping`));
    stopped ??= stopModule(core, children, log);
    return stopped;
  };
  return {
    module,
    clock,
    logged,
    publish: async (input, message) => {
      const type = ports.get(input)?.type;
      if (validate && type !== undefined) await parseMessage(type, message, `${type.name} published into "${input}"`);
      await topics.get(input)?.publish(message);
      await clock.advance(0);
    },
    published: (output) => published.get(output) as never,
    start: async () => {
      await module.build();
      await module.start();
      await clock.advance(0);
    },
    estop: async (reason) => {
      const estop: EstopState = reason === undefined ? NOT_STOPPED : { latched: true, reason, since: clock.now() };
      const told = Promise.all(estopListeners.map((listener) => listener(estop)));
      isLatched = estop.latched;
      rewire();
      await told;
    },
    hold: async (event) => {
      const told = Promise.all(holdListeners.map((listener) => listener(event)));
      isHeld = event.phase === "began";
      rewire();
      await told;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function unknownRef(module: string, name: string, known: readonly string[]): ModuleSpecError {
  const has = known.length === 0 ? "It has none" : `It has: ${known.join(", ")}`;
  return new ModuleSpecError(`${module} has no reference "${name}".${didYouMean(name, known)} ${has}`);
}

/** A run without other modules. */
function loneRun(instanceName: string): ModuleRun {
  return {
    runId: "test",
    settings: GlobalConfigSchema.parse({}),
    listModules: async () => [],
    call: (instance) =>
      Promise.reject(
        new NoSuchModuleError(`No module named "${instance}": ${instanceName} is tested without a system`),
      ),
    estop: async (reason) => ({ estop: { latched: true, reason, since: 0 }, halted: [], unconfirmed: [] }),
    answering: () => undefined,
    on: async () => () => {},
  };
}

function recordingLog(logged: string[]): Logger {
  const at = (level: string) => (message: string) => void logged.push(`${level}: ${message}`);
  const log: Logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), child: () => log };
  return log;
}

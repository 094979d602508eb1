import type { ChildProcess, SpawnOptions } from "node:child_process";
import { MODULE } from "../brand.ts";
import { type Clock, ownedClock } from "../clock.ts";
import { RefNotInjectedError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import type { EstopState } from "../safety/estop-state.ts";
import type { HoldEvent } from "../safety/hold.ts";
import { overrunText } from "../stream/backlog.ts";
import { In } from "../stream/in.ts";
import { InOut } from "../stream/in-out.ts";
import { Out } from "../stream/out.ts";
import { Refusals } from "../stream/refusals.ts";
import type { ModuleContext } from "./context.ts";
import { frameName } from "./frame-name.ts";
import type { ModuleRun } from "./module-run.ts";
import { portFault, portType } from "./port-type.ts";
import type { ModuleSpec, PortSpec } from "./spec.ts";

export type Port = In<unknown> | Out<unknown> | InOut<unknown>;

/** @internal Ports, disposers and run of a module, for the worker that hosts it. */
export const INTERNALS = Symbol.for("dimos.internals");

interface Internals {
  readonly ports: ReadonlyMap<string, Port>;
  readonly disposers: (() => unknown)[];
  readonly run: ModuleRun;
  injectRef(name: string, value: unknown): void;
}

/** What `Module(spec)` builds on: makes ports, references and config from the spec; opens and starts nothing. */
export class ModuleCore {
  declare static readonly [MODULE]: ModuleSpec;
  readonly instanceName: string;
  readonly log: Logger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly config: unknown;
  declare readonly [INTERNALS]: Internals;
  readonly #namespace: string;
  readonly #spawn: ModuleContext["spawn"];
  readonly #onEstop: ModuleContext["onEstop"];
  readonly #onHold: ModuleContext["onHold"];

  constructor(context: ModuleContext) {
    this.instanceName = context.instanceName;
    this.log = context.log;
    this.clock = ownedClock(context.clock, context.signal);
    this.signal = context.signal;
    this.config = context.config;
    this.#namespace = context.namespace;
    this.#spawn = context.spawn;
    this.#onEstop = context.onEstop;
    this.#onHold = context.onHold;
    const spec = (this.constructor as typeof ModuleCore)[MODULE];
    const ports = createPorts(spec, context);
    for (const [name, port] of ports) Object.defineProperty(this, name, { value: port, enumerable: true });
    const refs = new Map<string, unknown>();
    for (const name of Object.keys(spec.refs ?? {})) this.#defineRef(name, refs);
    const injectRef = (name: string, value: unknown) => void refs.set(name, value);
    Object.defineProperty(this, INTERNALS, { value: { ports, disposers: [], run: context.run, injectRef } });
  }

  async build(): Promise<void> {}

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  onStop(disposer: () => unknown): void {
    this[INTERNALS].disposers.push(disposer);
  }

  onEstop(listener: (estop: EstopState) => unknown): void {
    this.#onEstop(listener);
  }

  onHold(listener: (event: HoldEvent) => unknown): void {
    this.#onHold(listener);
  }

  spawn(command: string, args: readonly string[] = [], options: SpawnOptions = {}): ChildProcess {
    this.signal.throwIfAborted();
    return this.#spawn(command, args, options);
  }

  frame(id: string): string {
    return frameName(this.#namespace, id);
  }

  #defineRef(name: string, refs: ReadonlyMap<string, unknown>): void {
    const get = (): unknown => {
      if (!refs.has(name)) throw new RefNotInjectedError(this.instanceName, name);
      return refs.get(name);
    };
    Object.defineProperty(this, name, { get, enumerable: false });
  }
}

function createPorts(spec: ModuleSpec, context: ModuleContext): Map<string, Port> {
  const ports = new Map<string, Port>();
  const { signal, validate } = context;
  const onError = (port: string) => (error: unknown) =>
    context.log.error(`A subscriber of "${port}" in ${context.instanceName} failed`, { err: error });
  const onInvalid = (port: string) => (error: unknown) => {
    const topic = (ports.get(port) as Port).topic ?? `"${port}", which is not wired`;
    const reason = error instanceof Error ? error.message : String(error);
    context.log.error(`${context.instanceName} published on ${topic} what is not delivered: ${reason}`);
  };
  const onOverrun = (topic: string) => context.log.error(overrunText(topic));
  const onRefused = () => {
    const refusals = new Refusals(context.instanceName);
    return (topic: string, fault: string) => {
      const text = refusals.next(topic, fault, performance.now());
      if (text !== undefined) context.log.warn(text);
    };
  };
  const frame = (id: string) => frameName(context.namespace, id);
  const receiving = (name: string, port: PortSpec) => {
    const { qos, checks } = portType(port);
    const check = checks.length === 0 ? {} : { check: (message: unknown) => portFault(checks, message, frame) };
    return { qos, signal, ...check, onError: onError(name), onOverrun, onRefused: onRefused() };
  };
  for (const [name, port] of Object.entries(spec.inputs ?? {}))
    ports.set(name, new In(name, portType(port).type, receiving(name, port)));
  for (const [name, port] of Object.entries(spec.outputs ?? {})) {
    ports.set(name, new Out(name, portType(port).type, { validate, onInvalid: onInvalid(name) }));
  }
  for (const [name, port] of Object.entries(spec.inouts ?? {})) {
    const sending = { validate, onInvalid: onInvalid(name) };
    ports.set(name, new InOut(name, portType(port).type, { ...receiving(name, port), ...sending }));
  }
  return ports;
}

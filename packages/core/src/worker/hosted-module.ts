import { MODULE } from "../brand.ts";
import type { Clock } from "../clock.ts";
import { InputCheck } from "../input/input-check.ts";
import type { Logger } from "../log/logger.ts";
import { describeModule, type ModuleDescription } from "../module/description.ts";
import { hostSkills } from "../module/methods.ts";
import type { ModuleBase, ModuleClass } from "../module/module.ts";
import { ModuleChildren } from "../module/module-children.ts";
import { INTERNALS, type ModuleCore, type Port } from "../module/module-core.ts";
import type { RunSettings } from "../module/module-run.ts";
import { stopModule } from "../module/stop-module.ts";
import type { StreamHub } from "../stream/hub.ts";
import { In } from "../stream/in.ts";
import { Out } from "../stream/out.ts";
import type { PathLoss } from "../stream/path-loss.ts";
import { waitAtMost } from "../stream/patience.ts";
import type { Topic } from "../stream/topic.ts";
import { checkClaimedPorts } from "./claimed-ports.ts";
import type { DeployModule, PortWiring } from "./messages.ts";
import type { PortMetrics } from "./metrics.ts";
import { readPorts } from "./port-metrics.ts";
import type { RunLink } from "./run-link.ts";
import type { WorkerSafety } from "./worker-safety.ts";

/** Wiring waits this long for publishers of other workers; one that stands still is subscribed to when it turns again. */
const ESTABLISH_TIMEOUT_MS = 1_000;

interface HostServices {
  readonly log: Logger;
  readonly clock: Clock;
  readonly clockBaseMs: number;
  readonly run: RunLink;
  readonly settings: RunSettings;
  readonly validate: boolean;
  readonly safety: WorkerSafety;
}

/** One module instance on its worker: construction, wiring, and a life cycle in which `stop` runs at most once. */
export class HostedModule {
  readonly instance: ModuleBase & ModuleCore;
  readonly description: ModuleDescription;
  readonly #abort: AbortController;
  readonly #children: ModuleChildren;
  readonly #log: Logger;
  readonly #safety: WorkerSafety;
  #wired: readonly PortWiring[] = [];
  #hasStarted = false;
  #stopped: Promise<void> | undefined;

  private constructor(
    instance: ModuleBase & ModuleCore,
    name: string,
    abort: AbortController,
    children: ModuleChildren,
    { log, safety }: Pick<HostServices, "log" | "safety">,
  ) {
    this.instance = instance;
    this.description = describeModule(name, instance);
    this.#abort = abort;
    this.#children = children;
    this.#log = log;
    this.#safety = safety;
  }

  static async construct(
    moduleClass: ModuleClass,
    request: DeployModule,
    services: HostServices,
  ): Promise<HostedModule> {
    const schema = moduleClass[MODULE].config;
    const config =
      schema === undefined ? {} : await new InputCheck(schema).parse(request.config, `config of ${request.instance}`);
    await checkClaimedPorts(
      request.instance,
      moduleClass[MODULE],
      config as Readonly<Record<string, unknown>>,
      services.settings,
    );
    const abort = new AbortController();
    const children = new ModuleChildren(services.clockBaseMs);
    const log = services.log.child({ module: request.instance });
    const { safety } = services;
    const instance = new moduleClass({
      instanceName: request.instance,
      namespace: request.namespace,
      config: Object.freeze(config),
      clock: services.clock,
      log,
      signal: abort.signal,
      run: services.run.forModule(abort.signal),
      spawn: (command, args, options) => children.spawn(command, args, options),
      validate: services.validate,
      onEstop: (listener) => safety.onEstop(request.instance, listener),
      onHold: (listener) => safety.onHold(request.instance, listener),
    });
    for (const port of (instance as ModuleBase & ModuleCore)[INTERNALS].ports.values()) {
      if ("deliverBy" in port) port.deliverBy((topic, message) => safety.deliver(topic, message));
      // What was a command to the one before it, or was published while nobody drove, is none to this one.
      if (moduleClass[MODULE].actuator === true && port instanceof In) port.discard();
    }
    hostSkills(instance, {
      instance: request.instance,
      signal: abort.signal,
      log,
      permit: (wanted) => safety.permit(request.instance, request.namespace, wanted),
    });
    return new HostedModule(instance as ModuleBase & ModuleCore, request.instance, abort, children, { log, safety });
  }

  /**
   * Connects every port to its topic. Replaces the wiring before; what stays the same is not touched. Waits until the
   * publishers know of it, so that what they publish in `start()` arrives.
   */
  async wire(wirings: readonly PortWiring[], hub: StreamHub): Promise<void> {
    for (const { topic, transport } of wirings) {
      if (transport === "shared-memory") await hub.requireSharedMemory(topic);
    }
    const established: Promise<void>[] = [];
    for (const { port: name, topic: topicName, qos, transport, publishers } of wirings) {
      const port = this.#port(name);
      const topic = hub.topic(topicName, port.type.name, qos.latched === true);
      topic.transport = transport;
      if (port instanceof In && !this.#hasStarted) port.holdEarly();
      port.attach(this.#isShut(port) ? undefined : topic, qos);
      if (!isOutOnly(port)) established.push(hub.receive(topic, publishers, qos));
      hub.forgetUnpublished(topic);
    }
    this.#wired = wirings;
    await waitAtMost(ESTABLISH_TIMEOUT_MS, Promise.all(established));
  }

  /**
   * An emergency stop or a hold began or ended: what goes into a module that drives actuators is cut off, or connected
   * again. Messages from before are dropped in both cases: nothing moves that was not asked for since.
   */
  shut(hub: StreamHub): void {
    if (!this.description.actuator) return;
    for (const { port: name, topic, qos } of this.#wired) {
      const port = this.#port(name);
      if (isOutOnly(port)) continue;
      port.discard();
      port.attach(this.#isShut(port) ? undefined : hub.topic(topic, port.type.name, qos.latched === true), qos);
    }
  }

  /** Something between these ports, if they are outputs, and an actuator is lost; or a source of these, if they are inputs. */
  losePath(ports: readonly string[], loss: PathLoss): void {
    for (const name of ports) {
      const port = this.instance[INTERNALS].ports.get(name);
      try {
        if (port instanceof Out) port.losePath(loss);
        else port?.loseSource(loss);
      } catch (error) {
        this.#log.error(`A listener for losses at "${name}" failed`, { err: error });
      }
    }
  }

  /** Disconnects the ports; topics that no port of `others` takes are no longer received. */
  unwire(hub: StreamHub, others: Iterable<HostedModule>): void {
    for (const port of this.instance[INTERNALS].ports.values()) port.attach(undefined);
    const wanted = new Set([...others].flatMap((other) => other.#received(hub)));
    for (const topic of this.#received(hub)) if (!wanted.has(topic)) hub.forget(topic);
    for (const { topic } of this.#wired) {
      const existing = hub.existing(topic);
      // Two of its ports may have had the same.
      if (existing !== undefined) hub.forgetUnpublished(existing);
    }
  }

  readPorts(hub: StreamHub): PortMetrics[] {
    const topics = new Map(this.#wired.map(({ port, topic }) => [port, hub.existing(topic)]));
    return readPorts(this.instance.instanceName, this.instance[INTERNALS].ports.values(), ({ name }) =>
      topics.get(name),
    );
  }

  injectRef(name: string, value: unknown): void {
    this.instance[INTERNALS].injectRef(name, value);
  }

  async build(): Promise<void> {
    await this.instance.build();
  }

  /** Waits also until the publishers know what the module has subscribed to, so that it holds from the moment it runs. */
  async start(hub: StreamHub): Promise<void> {
    await this.instance.start();
    this.#hasStarted = true;
    for (const port of this.instance[INTERNALS].ports.values()) if (port instanceof In) port.dropEarly();
    await waitAtMost(ESTABLISH_TIMEOUT_MS, hub.established(this.#received(hub)));
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#abort.abort(new Error(`${this.instance.instanceName} is stopping`));
    try {
      await stopModule(this.instance, this.#children, this.#log);
    } finally {
      this.#safety.releaseInstance(this.instance.instanceName);
    }
  }

  #isShut(port: Port): boolean {
    return this.#safety.isStopped && this.description.actuator && !isOutOnly(port);
  }

  #received(hub: StreamHub): Topic[] {
    return this.#wired
      .filter(({ port }) => !isOutOnly(this.#port(port)))
      .map(({ topic }) => hub.existing(topic) as Topic);
  }

  #port(name: string): Port {
    return this.instance[INTERNALS].ports.get(name) as Port;
  }
}

function isOutOnly(port: Port): port is Out<unknown> {
  return port instanceof Out;
}

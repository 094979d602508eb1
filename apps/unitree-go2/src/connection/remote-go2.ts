import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import type { BatteryState, Image } from "@dimos/msgs";
import { Go2Error, type Go2ErrorCode } from "../errors.ts";
import type { RobotBody } from "../simulator/robot-body.ts";
import type { Shape } from "../world/shape.ts";
import type { WorldPlan } from "../world/world.ts";
import type { Go2Link, Go2LinkServices, Go2Simulation, TrueState } from "./go2-link.ts";
import { MessageSocket } from "./message-socket.ts";
import type {
  FromSimulator,
  SimulatorMethod,
  SimulatorSettings,
  SimulatorTask,
  ToSimulator,
} from "./simulator-messages.ts";

const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";
const SIMULATOR_ENTRY = fileURLToPath(new URL(`./simulator-main.${EXTENSION}`, import.meta.url));
const START_TIMEOUT_MS = 20_000;
const RETRY_MS = 10;
/**
 * A simulator keeps some 10 MB and produces 16 MB of garbage a second, most of it by drawing. V8 doubles the space for new
 * objects again and again for that, up to 134 MB within minutes. With this it stays at 8 MB and takes no more time. MB.
 */
const YOUNG_HEAP_FLAG = "--max-semi-space-size=4";

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Where the simulated robot of a connection listens: in the directory of its run. */
export function simulatorSocket(runDirectory: string, instance: string): string {
  return join(runDirectory, `go2-${createHash("sha256").update(instance).digest("hex").slice(0, 12)}`);
}

/**
 * A simulated Go2 in a process of its own, so that it stops by itself when the module that drives it is blocked or
 * killed. It is found again by the next instance of that module, where it stood.
 */
export class RemoteGo2 implements Go2Link {
  readonly simulation: Go2Simulation;
  readonly #path: string;
  readonly #settings: Omit<SimulatorSettings, "framePrefix">;
  readonly #plan: WorldPlan;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #opening: Promise<void> | undefined;
  #description = "simulated Go2";
  #socket: MessageSocket | undefined;
  #onMessage: (message: FromSimulator) => void = () => {};
  #onClose: () => void = () => {};

  /** @param plan of the world that the settings name */
  constructor(path: string, settings: Omit<SimulatorSettings, "framePrefix">, plan: WorldPlan) {
    this.#path = path;
    this.#plan = plan;
    this.#settings = settings;
    this.simulation = {
      truth: () => this.#call("truth") as Promise<TrueState>,
      addObstacle: (shape: Shape) => this.#call("addObstacle", shape) as Promise<number>,
      hearOf: (body: RobotBody) => this.#send({ kind: "neighbour", body }),
      removeObstacle: (id: number) => this.#call("removeObstacle", id) as Promise<boolean>,
    };
  }

  get description(): string {
    return this.#description;
  }

  prepare({ signal, frame }: Pick<Go2LinkServices, "signal" | "frame">): void {
    this.#opening = this.#open(this.#settingsWith(frame), signal);
    // Told to whoever waits for it.
    this.#opening.catch(() => {});
  }

  async start({ log, signal, frame, report }: Go2LinkServices): Promise<void> {
    const settings = this.#settingsWith(frame);
    const welcome = Promise.withResolvers<FromSimulator & { readonly kind: "welcome" }>();
    this.#onMessage = (message) => {
      if (message.kind === "welcome") welcome.resolve(message);
      else if (message.kind === "warning") log.warn(message.text);
      else if (message.kind === "reports")
        for (const [stream, value] of message.reports) report(stream, value as never);
    };
    await (this.#opening ?? this.#open(settings, signal));
    this.#opening = undefined;
    this.#onClose = () => welcome.reject(new Go2Error("NOT_CONNECTED", "The simulator ended as soon as it was there."));
    this.#send({ kind: "hello", role: "drive" });
    const found = await welcome.promise;
    if (JSON.stringify(found.settings) !== JSON.stringify(settings)) {
      // It is the robot of an instance that was unloaded, and another one is wanted now.
      this.#onClose = () => {};
      await this.#call("end").catch(() => undefined);
      this.#socket?.destroy();
      rmSync(this.#path, { force: true });
      return this.start({ log, signal, frame, report } as Go2LinkServices);
    }
    this.#description = `${found.description} (process ${found.pid})`;
    signal.addEventListener("abort", () => this.#socket?.close(), { once: true });
    this.#onClose = () => {
      if (signal.aborted) return;
      // Nobody could catch it: the worker ends, and comes back with a new robot.
      throw new Go2Error("NOT_CONNECTED", "The simulator has ended.");
    };
  }

  async move(vx: number, vy: number, vyaw: number): Promise<boolean> {
    return (await this.#call("move", vx, vy, vyaw)) as boolean;
  }

  async halt(isHalted: boolean): Promise<void> {
    await this.#call("halt", isHalted);
  }

  async standUp(): Promise<void> {
    await this.#call("standUp");
  }

  async lieDown(): Promise<void> {
    await this.#call("lieDown");
  }

  takePicture(): Promise<Image> {
    return this.#call("takePicture") as Promise<Image>;
  }

  readBattery(): Promise<BatteryState> {
    return this.#call("readBattery") as Promise<BatteryState>;
  }

  /** Connects to the robot that is there, or starts one. */
  async #open(settings: SimulatorSettings, signal: AbortSignal): Promise<void> {
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    let child: ReturnType<typeof spawn> | undefined;
    for (;;) {
      const socket = await connectTo(this.#path);
      if (socket !== undefined) {
        this.#socket = new MessageSocket(
          socket,
          (message) => this.#take(message as FromSimulator),
          () => this.#closed(),
        );
        return;
      }
      child ??= this.#spawn(settings);
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadlineMs) {
        const how = child.signalCode ?? child.exitCode ?? `no answer after ${START_TIMEOUT_MS / 1000} s`;
        throw new Go2Error("NOT_CONNECTED", `The simulator could not be started (${how}). Its error is in the output.`);
      }
      await sleep(RETRY_MS, undefined, { signal });
    }
  }

  #settingsWith(frame: Go2LinkServices["frame"]): SimulatorSettings {
    return { ...this.#settings, framePrefix: frame("") };
  }

  #spawn(settings: SimulatorSettings): ReturnType<typeof spawn> {
    rmSync(this.#path, { force: true });
    const child = spawn(process.execPath, [YOUNG_HEAP_FLAG, ...process.execArgv, SIMULATOR_ENTRY, this.#path], {
      // It outlives this process, and ends with the run, whose id it carries.
      detached: true,
      stdio: ["pipe", "ignore", "inherit"],
    });
    // Its exit says all that matters.
    child.on("error", () => {});
    child.stdin.on("error", () => {});
    child.stdin.end(serialize({ settings, plan: this.#plan } satisfies SimulatorTask));
    child.unref();
    return child;
  }

  #call(method: SimulatorMethod, ...args: readonly unknown[]): Promise<unknown> {
    if (this.#socket === undefined) return Promise.reject(new Go2Error("NOT_CONNECTED", "The robot is not connected."));
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject });
    this.#send({ kind: "call", id, method, args });
    return promise;
  }

  #send(message: ToSimulator): void {
    this.#socket?.send(message);
  }

  #take(message: FromSimulator): void {
    if (message.kind !== "answer" && message.kind !== "failure") {
      this.#onMessage(message);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === "answer") pending?.resolve(message.value);
    else
      pending?.reject(
        message.code === "" ? new Error(message.text) : new Go2Error(message.code as Go2ErrorCode, message.text),
      );
  }

  #closed(): void {
    this.#socket = undefined;
    const error = new Go2Error("NOT_CONNECTED", "The connection to the simulator has ended.");
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.#onClose();
  }
}

/** Undefined when nobody listens there. */
function connectTo(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined);
      else reject(error);
    });
  });
}

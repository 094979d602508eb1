import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { Go2Error } from "../errors.ts";
import type { Shape } from "../world/shape.ts";
import type { Go2LinkServices } from "./go2-link.ts";
import { MessageSocket } from "./message-socket.ts";
import type { SimulatedGo2 } from "./simulated-go2.ts";
import type { FromSimulator, Report, SimulatorMethod, SimulatorSettings, ToSimulator } from "./simulator-messages.ts";

/** A robot that nobody talks to for this long is put away. Milliseconds. */
const FORGOTTEN_MS = 5000;

/** An older velocity is no command any more. Milliseconds. */
const COMMAND_MAX_AGE_MS = 500;
/** How often it is looked whether this process was held up. Milliseconds. */
const LOOK_MS = 100;

/**
 * One simulated robot, for whoever connects to its socket. Like a real one it outlives the program that drives it: when
 * that falls silent the robot stops by itself after 0.5 s, when that is gone it stops at once, and stays where it is.
 */
export class SimulatorServer {
  readonly #robot: SimulatedGo2;
  readonly #settings: SimulatorSettings;
  readonly #onEnd: () => void;
  readonly #server: Server;
  readonly #clients = new Set<MessageSocket>();
  #lookedMs = 0;
  #wasHeldUp = false;
  #driver: MessageSocket | undefined;
  #reports: Report[] = [];
  #optics: Report | undefined;
  #forgotten: NodeJS.Timeout | undefined;

  /** @param onEnd nobody wants the robot any more */
  constructor(robot: SimulatedGo2, settings: SimulatorSettings, onEnd: () => void) {
    this.#robot = robot;
    this.#settings = settings;
    this.#onEnd = onEnd;
    this.#server = createServer((socket) => this.#connected(socket));
  }

  async listen(path: string, clock: Go2LinkServices["clock"], signal: AbortSignal): Promise<void> {
    this.#lookedMs = clock.now();
    clock.interval(LOOK_MS, () => this.#look(clock.now()), { signal });
    await this.#robot.start({
      clock,
      log: { warn: (text) => this.#tell({ kind: "warning", text }) },
      signal,
      frame: (id) => `${this.#settings.framePrefix}${id}`,
      report: (stream, message) => this.#report([stream, message] as unknown as Report),
    });
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(path, resolve);
    });
    this.#mayBeForgotten();
  }

  /** Disconnects every client and stops listening. The robot stays where it is. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    clearTimeout(this.#forgotten);
    for (const client of this.#clients) client.destroy();
    await closed;
  }

  /** What is measured at one moment goes out together. */
  #report(report: Report): void {
    if (report[0] === "cameraInfo") this.#optics = report;
    if (this.#clients.size === 0) return;
    if (this.#reports.length === 0) queueMicrotask(() => this.#flush());
    this.#reports.push(report);
  }

  #flush(): void {
    const reports = this.#reports;
    this.#reports = [];
    for (const client of this.#clients) client.send({ kind: "reports", reports } satisfies FromSimulator, true);
  }

  #tell(message: FromSimulator): void {
    for (const client of this.#clients) client.send(message);
  }

  #connected(socket: Socket): void {
    const client = new MessageSocket(
      socket,
      (message) => void this.#take(client, message as ToSimulator),
      () => this.#gone(client),
    );
    clearTimeout(this.#forgotten);
  }

  #gone(client: MessageSocket): void {
    this.#clients.delete(client);
    if (this.#driver === client) {
      this.#driver = undefined;
      this.#robot.brake();
    }
    if (this.#clients.size === 0) this.#mayBeForgotten();
  }

  #mayBeForgotten(): void {
    clearTimeout(this.#forgotten);
    if (this.#server.listening) this.#forgotten = setTimeout(this.#onEnd, FORGOTTEN_MS);
  }

  async #take(client: MessageSocket, message: ToSimulator): Promise<void> {
    if (message.kind === "hello") {
      this.#clients.add(client);
      if (message.role === "drive") this.#driver = client;
      const { description } = this.#robot;
      client.send({ kind: "welcome", settings: this.#settings, description, pid: process.pid } satisfies FromSimulator);
      if (this.#optics !== undefined) client.send({ kind: "reports", reports: [this.#optics] } satisfies FromSimulator);
      return;
    }
    if (message.kind === "neighbour") {
      if (client === this.#driver) this.#robot.simulation.hearOf(message.body);
      return;
    }
    const { id } = message;
    try {
      const value = await this.#answer(client, message);
      client.send({ kind: "answer", id, value } satisfies FromSimulator);
    } catch (error) {
      const code = error instanceof Go2Error ? error.code : "";
      client.send({ kind: "failure", id, code, text: (error as Error).message } satisfies FromSimulator);
    }
  }

  /** The first look after this process was stopped (SIGSTOP) or starved comes late, and before what waited in the sockets. */
  #look(nowMs: number): void {
    this.#wasHeldUp = nowMs - this.#lookedMs > COMMAND_MAX_AGE_MS;
    this.#lookedMs = nowMs;
  }

  /** Velocities that waited while this process was held up are stale: the robot does not drive by them when it goes on. */
  #move([vx, vy, vyaw]: readonly [number, number, number]): boolean {
    return this.#wasHeldUp || this.#robot.move(vx, vy, vyaw);
  }

  #answer(client: MessageSocket, { method, args }: ToSimulator & { readonly kind: "call" }): unknown {
    const robot = this.#robot;
    const isDriver = client === this.#driver;
    if (!isDriver && isForDriver(method, args))
      throw new Go2Error("BAD_COMMAND", `The robot takes ${method} only from the connection that drives it.`);
    switch (method) {
      case "move":
        return isDriver && this.#move(args as [number, number, number]);
      case "halt":
        return robot.halt(args[0] as boolean);
      case "standUp":
        return robot.standUp();
      case "lieDown":
        return robot.lieDown();
      case "takePicture":
        return robot.takePicture();
      case "readBattery":
        return robot.readBattery();
      case "truth":
        return robot.simulation.truth();
      case "addObstacle":
        return robot.simulation.addObstacle(args[0] as Shape);
      case "removeObstacle":
        return robot.simulation.removeObstacle(args[0] as number);
      case "end":
        return void setImmediate(this.#onEnd);
      default:
        throw new TypeError(`Unknown method ${method satisfies never}`);
    }
  }
}

/** Whether only the driver may ask for this. Anyone may look at the robot, change its world, and halt it. */
function isForDriver(method: SimulatorMethod, args: readonly unknown[]): boolean {
  if (method === "halt") return args[0] !== true;
  return method === "standUp" || method === "lieDown" || method === "end";
}

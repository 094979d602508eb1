import { once } from "node:events";
import { connect } from "node:net";
import type { Clock } from "@dimos/core";
import { SimulationClock } from "@dimos/core/testing";
import { MessageSocket } from "../src/connection/message-socket.ts";
import { simulatorSocket } from "../src/connection/remote-go2.ts";
import { SimulatedGo2 } from "../src/connection/simulated-go2.ts";
import type { FromSimulator, SimulatorMethod } from "../src/connection/simulator-messages.ts";
import { SimulatorServer } from "../src/connection/simulator-server.ts";
import { loadWorld } from "../src/world/load-world.ts";

const SETTINGS = {
  ...{ instance: "Go2Connection", world: "office", seed: 1, odometryDrift: 0, cameraHz: 0 },
  ...{ start: null, framePrefix: "" },
};

/** The server of a simulated robot, in the process of a test, which advances its clock; where its connection looks for it. */
export async function serveSimulator<C extends Clock = SimulationClock>(
  settings: Partial<typeof SETTINGS> = {},
  clock = new SimulationClock() as Clock as C,
) {
  const directory = process.env.XDG_RUNTIME_DIR as string;
  const all = { ...SETTINGS, ...settings };
  const abort = new AbortController();
  const robot = new SimulatedGo2({ ...all, start: undefined, world: loadWorld(all.world) });
  const server = new SimulatorServer(robot, all, () => {});
  const path = simulatorSocket(directory, all.instance);
  await server.listen(path, clock, abort.signal);
  return {
    clock,
    server,
    directory,
    truth: () => robot.simulation.truth(),
    join: (role: "drive" | "watch") => Client.join(path, role),
    async [Symbol.asyncDispose]() {
      abort.abort();
      await server.close();
    },
  };
}

/** Talks to the server of a simulated robot as its connection does. */
class Client implements AsyncDisposable {
  readonly #messages: MessageSocket;
  readonly #closed = Promise.withResolvers<void>();
  readonly #waiting = new Map<number, (message: FromSimulator) => void>();
  readonly #welcome = Promise.withResolvers<void>();
  #nextId = 1;

  private constructor(socket: ReturnType<typeof connect>) {
    const take = (message: FromSimulator) => {
      if (message.kind === "welcome") this.#welcome.resolve();
      if (message.kind === "answer" || message.kind === "failure") this.#waiting.get(message.id)?.(message);
    };
    this.#messages = new MessageSocket(
      socket,
      (message) => take(message as FromSimulator),
      () => this.#closed.resolve(),
    );
  }

  static async join(path: string, role: "drive" | "watch"): Promise<Client> {
    const socket = connect(path);
    await once(socket, "connect");
    const client = new Client(socket);
    client.#messages.send({ kind: "hello", role });
    await client.#welcome.promise;
    return client;
  }

  /** Resolves to the answer; rejects with the text of a failure. */
  async call(method: SimulatorMethod, ...args: readonly unknown[]): Promise<unknown> {
    const id = this.#nextId++;
    const { promise, resolve } = Promise.withResolvers<FromSimulator>();
    this.#waiting.set(id, resolve);
    this.#messages.send({ kind: "call", id, method, args });
    const answer = await promise;
    if (answer.kind === "failure") throw new Error(answer.text);
    return answer.kind === "answer" ? answer.value : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#messages.destroy();
    await this.#closed.promise;
  }
}

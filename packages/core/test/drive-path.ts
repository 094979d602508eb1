import { z } from "zod";
import { Module, message, type PathLoss, rpc } from "../src/index.ts";

const Velocity = message("test/Velocity", z.object({ forward: z.number() }));
const Noise = message("test/Noise", z.object({ text: z.string() }));

/** Drives wheels through what lies between, and hears what is lost of that. */
export class Driver extends Module({
  source: import.meta.url,
  outputs: { planned: Velocity },
  inouts: { noise: Noise },
}) {
  readonly losses: PathLoss[] = [];
  #heardMs = Number.NaN;

  override async start() {
    this.planned.onPathLost((loss) => {
      this.losses.push(loss);
      this.#heardMs = performance.timeOrigin + performance.now();
    });
    this.planned.onPathLost(() => {
      throw new Error("a listener that fails");
    });
  }

  lost = rpc(async () => this.losses.map(({ instance, reason }) => `${instance}: ${reason}`));

  heardMs = rpc(async () => this.#heardMs);
}

/** Passes velocities on. */
export class Gate extends Module({
  source: import.meta.url,
  inputs: { planned: Velocity },
  outputs: { wheels: Velocity },
  dedicatedWorker: true,
}) {
  override async start() {
    this.planned.subscribe((velocity) => this.wheels.publish(velocity));
  }
}

export class Wheels extends Module({
  source: import.meta.url,
  inputs: { wheels: Velocity },
  inouts: { noise: Noise },
  actuator: true,
}) {
  readonly #startedMs = performance.timeOrigin + performance.now();

  startedMs = rpc(async () => this.#startedMs);
}

/** Only looks on. */
export class Onlooker extends Module({ source: import.meta.url, inputs: { wheels: Velocity, noise: Noise } }) {}

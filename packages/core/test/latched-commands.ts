import { z } from "zod";
import { Module, message, rpc } from "../src/index.ts";

const Goal = message("test/Goal", z.object({ x: z.number() }), { qos: { keep: "latest", latched: true } });

export class Planner extends Module({ source: import.meta.url, outputs: { goal: Goal } }) {
  send = rpc(async (x: number) => this.goal.publish({ x }));
}

/** An actuator that drives to goals, of a message type whose other readers get the last one at once. */
export class Wheels extends Module({
  source: import.meta.url,
  inputs: { goal: { type: Goal, qos: { ...Goal.qos, latched: false } } },
  actuator: true,
  restart: { policy: "always" },
}) {
  readonly driven: number[] = [];
  readonly late: number[] = [];

  override async start() {
    this.goal.subscribe(({ x }) => void this.driven.push(x));
  }

  /** Subscribes once more, and asks for the last value. */
  listen = rpc(async () => void this.goal.subscribe(({ x }) => void this.late.push(x), { latched: true }));

  state = rpc(async () => ({ driven: this.driven, late: this.late, latest: this.goal.latest()?.x }));

  exit = rpc(async () => process.exit(3));
}

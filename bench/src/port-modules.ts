import { type In, Module, message, rpc } from "@dimos/core";
import { z } from "zod";

const Reading = message("bench/Reading", z.number());

const FEW = 5;
const MANY = 50;

/** The types of ports are those of the names that the compiler knows: one is enough here. */
function ports(count: number): { readonly port0: typeof Reading } {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`port${index}`, Reading])) as never;
}

function handleAll(module: object, count: number): void {
  const inputs = module as Readonly<Record<string, In<number>>>;
  for (let index = 0; index < count; index++) inputs[`port${index}`]?.handle(async () => {});
}

/** What the modules below are wired to, in a worker of its own. */
export class Readings extends Module({ source: import.meta.url, outputs: ports(MANY), dedicatedWorker: true }) {
  ping = rpc(async () => "pong");
}

export class FewPorts extends Module({ source: import.meta.url, inputs: ports(FEW) }) {
  override async start(): Promise<void> {
    handleAll(this, FEW);
  }

  ping = rpc(async () => "pong");
}

export class ManyPorts extends Module({ source: import.meta.url, inputs: ports(MANY) }) {
  override async start(): Promise<void> {
    handleAll(this, MANY);
  }

  ping = rpc(async () => "pong");
}

import { Module } from "../src/index.ts";
import { Count } from "./messages.ts";

function ports(prefix: string, count: number) {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, Count]));
}

export class FiveOut extends Module({ source: import.meta.url, outputs: ports("five", 5), dedicatedWorker: true }) {}
export class FiftyOut extends Module({ source: import.meta.url, outputs: ports("fifty", 50), dedicatedWorker: true }) {}

export class FiveIn extends Module({ source: import.meta.url, inputs: ports("five", 5) }) {}
export class FiftyIn extends Module({ source: import.meta.url, inputs: ports("fifty", 50) }) {}

import { Module } from "../src/index.ts";

/** Says when it hears of an emergency stop, to a test in its own process. */
export class Halting extends Module({ source: import.meta.url, actuator: true }) {
  static heard: string[] = [];

  override async start() {
    this.onEstop(({ latched }) => void Halting.heard.push(latched ? "halted" : "free"));
  }
}

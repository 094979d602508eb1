import { Module, optional, rpc, spec } from "../src/index.ts";

export class Provider extends Module({ source: import.meta.url }) {
  #isStarted = false;

  override async start() {
    await this.clock.sleep(20);
    this.#isStarted = true;
  }

  isStarted = rpc(async () => this.#isStarted);

  add = rpc(async (a: number, b: number) => a + b);
}

export class BetterProvider extends Module({ source: import.meta.url }, Provider) {
  better = rpc(async () => true);
}

interface Adder {
  add(a: number, b: number): Promise<number>;
}
export const AdderSpec = spec<Adder>()("add");

export class ByClass extends Module({ source: import.meta.url, refs: { provider: Provider } }) {
  #providerWasStarted = false;

  override async start() {
    this.#providerWasStarted = await this.provider.isStarted();
  }

  startedAfterProvider = rpc(async () => this.#providerWasStarted);

  sum = rpc(async () => this.provider.add(1, 2));
}

export class BySpec extends Module({ source: import.meta.url, refs: { adder: AdderSpec } }) {
  sum = rpc(async () => this.adder.add(2, 3));
}

export class Optional extends Module({ source: import.meta.url, refs: { adder: optional(AdderSpec) } }) {
  has = rpc(async () => this.adder !== undefined);
}

export class Ping extends Module({
  source: import.meta.url,
  refs: { pong: spec<{ hit(n: number): Promise<number> }>()("hit") },
}) {
  rally = rpc(async (n: number): Promise<number> => (n === 0 ? 0 : this.pong.hit(n - 1)));
}

export class Pong extends Module({
  source: import.meta.url,
  refs: { ping: spec<{ rally(n: number): Promise<number> }>()("rally") },
}) {
  hit = rpc(async (n: number): Promise<number> => (n === 0 ? 0 : this.ping.rally(n - 1)));
}

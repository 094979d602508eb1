import { z } from "zod";
import { Module, message, rpc } from "../../src/index.ts";

/** Numbered within one instance of the publisher; a later instance has a higher epoch. */
export const Tick = message("test/Tick", z.object({ epoch: z.number(), value: z.number() }));

const ALWAYS = { policy: "always", maxRestarts: 1000, backoffMs: 10 } as const;

/** What every module of the system answers, and how it is brought down. */
export class Target extends Module({ source: import.meta.url, restart: ALWAYS }) {
  readonly #seen = new Set<string>();

  /** Refuses a call that was carried out before. */
  once = rpc(async (id: string) => {
    if (this.#seen.has(id)) throw new Error(`carried out twice: ${id}`);
    this.#seen.add(id);
    return id;
  });

  slow = rpc(async (id: string) => {
    await this.clock.sleep(40);
    return id;
  });

  failing = rpc(async () => {
    throw new Error("a method that fails");
  });

  exit = rpc(async (code: number) => {
    process.exit(code);
  });

  throwUnhandled = rpc(async () => {
    setImmediate(() => {
      throw new Error("loose cable");
    });
  });

  fillMemory = rpc(async () => {
    const kept: unknown[] = [];
    for (;;) kept.push(new Array(100_000).fill(kept.length));
  });
}

export class Ticker extends Module({ source: import.meta.url, outputs: { tick: Tick }, restart: ALWAYS }, Target) {
  override async start() {
    const epoch = Date.now();
    let value = 0;
    this.clock.interval(10, () => void this.tick.publish({ epoch, value: value++ }));
  }
}

/** Counts messages, and those that are older than the one before. */
export class Watcher extends Module({ source: import.meta.url, inputs: { tick: Tick }, restart: ALWAYS }, Target) {
  #received = 0;
  #throwsNext = false;
  readonly #outOfOrder: string[] = [];
  #last = { epoch: 0, value: 0 };

  override async start() {
    this.tick.subscribe(({ epoch, value }) => {
      const { epoch: lastEpoch, value: lastValue } = this.#last;
      if (epoch < lastEpoch || (epoch === lastEpoch && value <= lastValue))
        this.#outOfOrder.push(`${epoch}/${value} after ${lastEpoch}/${lastValue}`);
      this.#last = { epoch, value };
      this.#received++;
      if (!this.#throwsNext) return;
      this.#throwsNext = false;
      throw new Error("a subscriber that fails");
    });
  }

  report = rpc(async () => ({ received: this.#received, outOfOrder: this.#outOfOrder }));

  throwInHandler = rpc(async () => {
    this.#throwsNext = true;
  });
}

export class LatestWatcher extends Module({ source: import.meta.url, restart: ALWAYS }, Watcher) {}

export class Asker extends Module({ source: import.meta.url, refs: { target: Ticker }, restart: ALWAYS }, Target) {
  relay = rpc(async (id: string): Promise<string> => this.target.slow(id));
}

/** The default policy: an exit with code 0 leaves it down. */
export class Plain extends Module(
  { source: import.meta.url, restart: { policy: "on-failure", maxRestarts: 1000, backoffMs: 10 } },
  Target,
) {}

export class Alone extends Module({ source: import.meta.url, dedicatedWorker: true, restart: ALWAYS }, Target) {}

/** Small ones go over the socket, large ones through shared memory. */
export const Entry = message("test/Entry", z.custom<{ readonly number: number; readonly data: Uint8Array }>(), {
  qos: { keep: "all" },
});
const ENTRY_BYTES = [8, 100_000];

/** Nothing is done to this one and the next: what happens around them is not to be seen in their stream. */
export class Scribe extends Module(
  { source: import.meta.url, outputs: { entry: Entry }, dedicatedWorker: true, restart: ALWAYS },
  Target,
) {
  override async start() {
    let number = 0;
    this.clock.interval(5, () => {
      const data = new Uint8Array(ENTRY_BYTES[number % ENTRY_BYTES.length] as number).fill(number & 0xff);
      void this.entry.publish({ number: number++, data });
    });
  }
}

/** Every number once, in order, and whole. */
export class Auditor extends Module(
  { source: import.meta.url, inputs: { entry: Entry }, dedicatedWorker: true, restart: ALWAYS },
  Target,
) {
  #next = 0;
  readonly #wrong: string[] = [];

  override async start() {
    this.entry.subscribe(({ number, data }) => {
      if (number !== this.#next) this.#wrong.push(`${number} instead of ${this.#next}`);
      if (data.some((byte) => byte !== (number & 0xff))) this.#wrong.push(`${number} is not whole`);
      this.#next = number + 1;
    });
  }

  audit = rpc(async () => ({ received: this.#next, wrong: this.#wrong }));
}

import { appendFileSync, existsSync, rmSync } from "node:fs";
import { z } from "zod";
import { Module, rpc, runOf, skill } from "../src/index.ts";

/** Writes down what it does, and does it only while it runs. */
export class Ledger extends Module({
  source: import.meta.url,
  config: z.object({ file: z.string(), startMs: z.number() }),
}) {
  #isRunning = false;

  override async start() {
    const fails = `${this.config.file}.fails`;
    // Callers that do not wait are here meanwhile.
    await wait(this.config.startMs);
    if (existsSync(fails)) {
      rmSync(fails);
      throw new Error("told to fail");
    }
    this.#isRunning = true;
  }

  override async stop() {
    this.#isRunning = false;
    await wait(20);
  }

  write = rpc((entry: string) => this.#write(entry));

  sign = skill({ description: "Writes an entry.", input: z.object({ entry: z.string() }) }, ({ entry }) =>
    this.#write(entry),
  );

  isRunning = rpc(async () => this.#isRunning);

  /** Is under way until its instance is gone. */
  ponder = rpc(async (entry: string) => {
    appendFileSync(this.config.file, `${entry}\n`);
    await new Promise(() => {});
  });

  async #write(entry: string): Promise<string> {
    if (!this.#isRunning) throw new Error("called while it does not run");
    appendFileSync(this.config.file, `${entry}\n`);
    await wait(2);
    return entry;
  }
}

/** Needs the ledger before that has started, as modules of one load may. */
export class Opener extends Module({ source: import.meta.url, refs: { ledger: Ledger } }) {
  override async build() {
    await this.ledger.isRunning();
  }
}

const WAYS = ["reference", "kept reference", "run"] as const;

/** Calls the ledger from another process, in each way in which a module can. */
export class Clerk extends Module({ source: import.meta.url, refs: { ledger: Ledger } }) {
  #ways: Record<(typeof WAYS)[number], (entry: string) => Promise<unknown>> | undefined;

  override async start() {
    const { ledger } = this;
    this.#ways = {
      reference: (entry) => this.ledger.write(entry),
      "kept reference": (entry) => ledger.sign({ entry }),
      run: (entry) => runOf(this).call("Ledger", "write", [entry]),
    };
  }

  write = rpc(async (way: (typeof WAYS)[number], entry: string) => this.#ways?.[way](entry));

  ponder = rpc(async (way: (typeof WAYS)[number], entry: string) =>
    way === "run" ? runOf(this).call("Ledger", "ponder", [entry]) : this.ledger.ponder(entry),
  );

  #clerks: Clerks[] = [];

  /** Begins to write, in every way. */
  begin = rpc(async (loops: number) => {
    this.#clerks = WAYS.map((way) => new Clerks((entry) => this.write(way, entry), `by ${way}`, loops));
  });

  /** The least that any of them has written. */
  count = rpc(async () => Math.min(...this.#clerks.map(({ written }) => written.length)));

  end = rpc(async () => Promise.all(this.#clerks.map((clerks) => clerks.end())));
}

export interface Books {
  readonly written: readonly string[];
  readonly failed: readonly string[];
}

/** Calls again and again, in several loops, and keeps the books. */
export class Clerks {
  readonly written: string[] = [];
  readonly failed: string[] = [];
  readonly #loops: Promise<void>[];
  #isEnough = false;

  constructor(write: (entry: string) => Promise<unknown>, name: string, loops: number) {
    this.#loops = Array.from({ length: loops }, async (_, loop) => {
      for (let count = 0; !this.#isEnough; count++) {
        const entry = `${name}, loop ${loop}, entry ${count}`;
        try {
          await write(entry);
          this.written.push(entry);
        } catch (error) {
          this.failed.push(`${entry}: ${error}`);
        }
        await wait(1);
      }
    });
  }

  async end(): Promise<Books> {
    this.#isEnough = true;
    await Promise.all(this.#loops);
    return { written: this.written, failed: this.failed };
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

import { z } from "zod";
import { Module, message, rpc } from "../src/index.ts";

const Scan = message("test/Scan", z.object({ range: z.number() }));
const Chart = message("test/Chart", z.object({ cells: z.number() }));
const Note = message("test/Note", z.object({ text: z.string() }));

/** Two modules away from whoever steers. */
export class Scanner extends Module({ source: import.meta.url, outputs: { scan: Scan } }) {}

/** Makes charts to steer by. */
export class Charter extends Module({
  source: import.meta.url,
  inputs: { scan: Scan },
  outputs: { chart: Chart },
  inouts: { notes: Note },
}) {
  readonly #startedMs = performance.timeOrigin + performance.now();

  startedMs = rpc(async () => this.#startedMs);
}

/** Hears what is lost of that which it steers by. */
export class Steerer extends Module({
  source: import.meta.url,
  inputs: { chart: Chart },
  inouts: { notes: Note },
}) {
  readonly #losses: string[] = [];
  #heardMs = Number.NaN;

  override async start() {
    for (const input of [this.chart, this.notes]) {
      input.onSourceLost(() => {
        throw new Error("a listener that fails");
      });
      input.onSourceLost(({ instance, reason }) => {
        this.#losses.push(`${instance}, of ${input.name}: ${reason}`);
        this.#heardMs = performance.timeOrigin + performance.now();
      });
      // One that listens no more.
      input.onSourceLost(() => this.#losses.push("nobody asked"))();
    }
  }

  lost = rpc(async () => this.#losses);

  heardMs = rpc(async () => this.#heardMs);
}

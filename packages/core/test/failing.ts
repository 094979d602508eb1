import { z } from "zod";
import { Module, rpc } from "../src/index.ts";

export class ThrowsInConstructor extends Module({ source: import.meta.url }) {
  value = fail("constructor");
}

export class ThrowsInBuild extends Module({ source: import.meta.url }) {
  override async build() {
    fail("build");
  }
}

export class ThrowsInStart extends Module({ source: import.meta.url }) {
  override async start() {
    fail("start");
  }
}

export class StartsForever extends Module({ source: import.meta.url }) {
  override async start() {
    await new Promise(() => {});
  }
}

export class ConstructsForever extends Module({ source: import.meta.url }) {
  value = loop();
}

export class HangsInStop extends Module({ source: import.meta.url }) {
  override async stop() {
    await new Promise(() => {});
  }
}

/** Never returns to its event loop, so that it does not hear SIGTERM either. */
export class SpinsInStop extends Module({ source: import.meta.url }) {
  override async stop() {
    loop();
  }
}

export class ThrowsInStop extends Module({ source: import.meta.url }) {
  override async stop() {
    fail("stop");
  }
}

/** Starts once in each process. */
export class FailsAgain extends Module({ source: import.meta.url }) {
  override async start() {
    const starts = globalThis as { dimosTestStarted?: boolean };
    if (starts.dimosTestStarted === true) throw new Error("the second start fails");
    starts.dimosTestStarted = true;
  }
}

/** Whoever is loaded together with it is undone when it fails. */
export class EssentialExits extends Module({
  source: import.meta.url,
  essential: true,
  restart: { policy: "never" },
}) {
  override async start() {
    process.exit(3);
  }
}

export class Configured extends Module({
  source: import.meta.url,
  config: z.object({ speed: z.number().default(0.5), name: z.string() }),
}) {
  settings = rpc(async () => this.config);
}

export class DiesInStart extends Module({ source: import.meta.url }) {
  override async start() {
    process.kill(process.pid, "SIGKILL");
  }
}

/** Talks on the channel between its worker and the coordinator. */
export class SendsJunk extends Module({ source: import.meta.url }) {
  send = rpc(async (messages: unknown[]) => {
    for (const message of messages) process.send?.(message);
  });
}

function loop(): never {
  for (;;);
}

function fail(where: string): never {
  throw new Error(`broken in ${where}`);
}

class Hidden extends Module({ source: import.meta.url }) {}
export const hiddenClass = () => Hidden;

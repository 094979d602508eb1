import { Module, rpc } from "../src/index.ts";
import { Count } from "./messages.ts";

/** Does on request what ends a worker. */
export class Crasher extends Module({ source: import.meta.url, outputs: { count: Count } }) {
  pid = rpc(async () => process.pid);

  emit = rpc(async (value: number) => {
    this.count.publish({ value });
  });

  throwUnhandled = rpc(async () => {
    setImmediate(() => {
      throw new Error("loose cable");
    });
    await new Promise(() => {});
  });

  rejectUnhandled = rpc(async () => {
    void Promise.reject(new Error("nobody listens"));
    await new Promise(() => {});
  });

  exit = rpc(async (code: number) => {
    process.exit(code);
  });

  hang = rpc(async () => {
    await new Promise(() => {});
  });
}

/** Comes up once, and never again. */
export class CrashesInStart extends Module({
  source: import.meta.url,
  restart: { policy: "on-failure", maxRestarts: 2, backoffMs: 10 },
}) {
  override async start() {
    if (process.env.DIMOS_TEST_MAY_START === "0") process.kill(process.pid, "SIGKILL");
  }
}

export class Fragile extends Module({ source: import.meta.url, essential: true, restart: { policy: "never" } }) {
  pid = rpc(async () => process.pid);
}

export class Busy extends Module({ source: import.meta.url, restart: { policy: "never" } }) {
  spin = rpc(async () => {
    for (;;);
  });

  fillMemory = rpc(async () => {
    const kept: unknown[] = [];
    for (;;) kept.push(new Array(100_000).fill(kept.length));
  });
}

/** Stays down when its worker has ended. */
export class Lonely extends Module({ source: import.meta.url, restart: { policy: "never" } }) {
  hang = rpc(async () => {
    await new Promise(() => {});
  });
}

/** Asks those that may end. */
export class Asker extends Module({ source: import.meta.url, refs: { crasher: Crasher, lonely: Lonely } }) {
  askCrasher = rpc(async () => this.crasher.hang());

  askLonely = rpc(async () => this.lonely.hang());

  crasherPid = rpc(async (): Promise<number> => this.crasher.pid());
}

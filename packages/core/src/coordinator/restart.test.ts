import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Busy } from "../../test/crashing.ts";
import { EditedFiles } from "../../test/edited-file.ts";
import { FailsAgain, HangsInStop, ThrowsInStop } from "../../test/failing.ts";
import { ByClass, Provider } from "../../test/refs.ts";
import { pids, run } from "../../test/run.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "./coordinator.ts";

const greeter = (name: string, extra = "") => `
import { Module, rpc, spec } from CORE;
import { Count } from MESSAGES;
import { from } from "./name.ts";
export class Greeter extends Module({ source: import.meta.url, outputs: { count: Count } }) {
  calls = 0;
  hello = rpc(async (who: string) => { this.calls++; return "Hello " + who + " from " + ${name}; });
  emit = rpc(async (value: number) => { this.count.publish({ value }); });
  total = rpc(async () => this.calls);
  ${extra}
}`;

async function workersOf(system: ModuleCoordinator): Promise<string[]> {
  return (await system.health()).workers.map(({ name }) => name);
}

describe("restartModule", () => {
  let files: EditedFiles;

  beforeEach(() => {
    files = new EditedFiles();
    files.write("name.ts", 'export const from = "Alice";');
    files.write("greeter.ts", greeter("from"));
  });

  async function system() {
    const Greeter = await files.importClass("greeter.ts", "Greeter");
    return run(autoconnect(Greeter.blueprint(), Listener.blueprint()));
  }

  it("runs the edited file, also when the edit is in a file that it imports (D5)", async () => {
    await using running = await system();
    expect(await running.call("Greeter", "hello", ["John"])).toBe("Hello John from Alice");
    files.write("name.ts", 'export const from = "Bob";');
    await running.restartModule("Greeter");
    expect(await running.call("Greeter", "hello", ["John"])).toBe("Hello John from Bob");
    files.write("greeter.ts", greeter('"Carol"'));
    await running.restartModule("Greeter");
    expect(await running.call("Greeter", "hello", ["John"])).toBe("Hello John from Carol");
  });

  it("keeps topics, replaces a worker that hosted only this module by exactly one, and counts: never do two instances run at once (D4)", async () => {
    const note = (what: string) => `appendFileSync(new URL("life", import.meta.url), "${what} ")`;
    const stop = `await new Promise((resolve) => setTimeout(resolve, 500)); ${note("stopped")};`;
    const life = `override async start() { ${note("started")}; } override async stop() { ${stop} }`;
    files.write("greeter.ts", `import { appendFileSync } from "node:fs";${greeter("from", life)}`);
    await using running = await system();
    const before = pids(running);
    files.write("name.ts", 'export const from = "Bob";');
    await running.restartModule("Greeter");
    const after = pids(running);
    expect(after.Greeter).not.toBe(before.Greeter);
    expect(readFileSync(join(files.directory, "life"), "utf8")).toBe("started stopped started ");
    expect(after.Listener).toBe(before.Listener);
    expect(() => process.kill(before.Greeter as number, 0)).toThrow("ESRCH");
    await running.call("Greeter", "emit", [7]);
    await expect.poll(() => running.call("Listener", "values", [])).toEqual([7]);
    expect(running.listModules().map(({ instance, state, restarts }) => [instance, state, restarts])).toEqual([
      ["Greeter", "running", 1],
      ["Listener", "running", 0],
    ]);
  });

  it("wires a port that was added (D5)", async () => {
    files.write(
      "greeter.ts",
      greeter("from")
        .replace("outputs: { count: Count }", "outputs: {}")
        .replace(/emit = .*/, ""),
    );
    await using running = await system();
    files.write("greeter.ts", greeter("from"));
    await running.restartModule("Greeter");
    await running.call("Greeter", "emit", [8]);
    await expect.poll(() => running.call("Listener", "values", [])).toEqual([8]);
  });

  it.each([
    ["a syntax error", "export class Greeter extends {{"],
    ["a class that is gone", "export class Gretter {}"],
    ["a throwing constructor", greeter("from", 'broken = (() => { throw new Error("no arm"); })();')],
    [
      "impossible wiring",
      greeter("from")
        .replace("outputs: { count: Count }", "outputs: { count: Label }")
        .replace("{ Count }", "{ Label }"),
    ],
    [
      "a reference nobody satisfies",
      greeter("from").replace("outputs:", 'refs: { arm: spec<any>()("fold") }, outputs:'),
    ],
  ])("leaves the old instance running when the new code has %s (D6)", async (_, text) => {
    await using running = await system();
    await running.call("Greeter", "hello", ["John"]);
    files.write("greeter.ts", text);
    await expect(running.restartModule("Greeter")).rejects.toMatchObject({
      code: "RESTART_FAILED",
      data: { module: "Greeter", serving: "old" },
      message: expect.stringMatching(/^Greeter was not restarted: .*\. It goes on running as it was$/s),
    });
    expect(await running.call("Greeter", "total", [])).toBe(1);
    expect(running.listModules().map(({ state }) => state)).toEqual(["running", "running"]);
    expect(await workersOf(running)).toEqual(["worker-1", "worker-2"]);
  });

  it("starts a fresh instance of the old code when the new one fails to start (D6)", async () => {
    await using running = await system();
    await running.call("Greeter", "hello", ["John"]);
    files.write("greeter.ts", greeter('"Bob"', 'override async start() { throw new Error("no power"); }'));
    await expect(running.restartModule("Greeter")).rejects.toThrow(
      "Greeter was not restarted: no power. A fresh instance of the old code runs instead; its state is lost",
    );
    expect(await running.call("Greeter", "hello", ["John"])).toBe("Hello John from Alice");
    expect(await running.call("Greeter", "total", [])).toBe(1);
    expect(await workersOf(running)).toEqual(["worker-1", "worker-2"]);
    await running.call("Greeter", "emit", [9]);
    await expect.poll(() => running.call("Listener", "values", [])).toEqual([9]);
  });

  it("stops first what cannot be opened twice", async () => {
    const port = 20_000 + (process.pid % 20_000);
    const text = (reply: string) => `
import { createServer, type Server } from "node:net";
import { Module, rpc } from CORE;
export class Opener extends Module({ source: import.meta.url, swap: "stop-first" }) {
  #server: Server | undefined;
  constructor(context: any) { super(context); }
  override async build() {
    this.#server = createServer().listen(${port}, "127.0.0.1");
    await new Promise((resolve, reject) => this.#server?.once("listening", resolve).once("error", reject));
    this.onStop(() => new Promise((resolve) => this.#server?.close(resolve)));
  }
  reply = rpc(async () => ${JSON.stringify(reply)});
}`;
    files.write("opener.ts", text("one"));
    await using running = await run((await files.importClass("opener.ts", "Opener")).blueprint());
    files.write("opener.ts", text("two"));
    await running.restartModule("Opener");
    expect(await running.call("Opener", "reply", [])).toBe("two");
  });
});

describe.each([2, 0])("With nWorkers %i", (nWorkers) => {
  it("a restart of the same code keeps references working in both directions (A11, D4)", async () => {
    await using running = await run(autoconnect(ByClass.blueprint(), Provider.blueprint()), { nWorkers });
    await running.restartModule("Provider", { reloadSource: false });
    expect(await running.call("ByClass", "sum", [])).toBe(3);
    await running.restartModule("ByClass", { reloadSource: false });
    expect(await running.call("ByClass", "sum", [])).toBe(3);
  });

  it("calls made during a restart wait for it", async () => {
    await using running = await run(Provider.blueprint(), { nWorkers });
    const restart = running.restartModule("Provider", { reloadSource: false });
    const sums = Promise.all([1, 2, 3].map((n) => running.call("Provider", "add", [n, n])));
    await restart;
    expect(await sums).toEqual([2, 4, 6]);
  });

  it("an unloaded module is gone with its topics and skills, and its callers are told (D3)", async () => {
    await using running = await run(autoconnect(ByClass.blueprint(), Provider.blueprint(), Counter.blueprint()), {
      nWorkers,
    });
    await running.unloadModule("Provider");
    await running.unloadModule("Counter");
    expect(running.listModules().map(({ instance }) => instance)).toEqual(["ByClass"]);
    await expect(running.call("ByClass", "sum", [])).rejects.toThrow("Provider is not running any more");
    await expect(running.unloadModule("Provider")).rejects.toThrow('No module named "Provider"');
    expect(await running.streamSource("count")).toBeUndefined();
    await running.loadBlueprint(Counter.blueprint());
  });
});

it("says why a module in the coordinator's process cannot be restarted with its source", async () => {
  await using running = await run(StressTest.blueprint(), { nWorkers: 0 });
  await expect(running.restartModule("StressTest")).rejects.toThrow("Restart it with reloadSource: false");
  expect(await running.call("StressTest", "ping", [{}])).toBe("pong");
});

describe.each([0, 1])("A restart without reading the source again, with nWorkers %i", (nWorkers) => {
  it.each([[ThrowsInStop], [HangsInStop]])("survives a stop() that fails: %o", async (Broken) => {
    await using system = await run(autoconnect(Broken.blueprint(), StressTest.blueprint()), { nWorkers });
    await system.restartModule(Broken.name, { reloadSource: false });
    expect(system.listModules().map(({ state }) => state)).toEqual(["running", "running"]);
  });
});

/** Resolves when the worker does not answer any more; the call is given up, so that no other instance gets it. */
async function spin(system: ModuleCoordinator): Promise<void> {
  const leave = new AbortController();
  system.call("Busy", "spin", [], { signal: leave.signal }).catch(() => {});
  await expect.poll(async () => (await system.metrics()).workers[0]?.metrics).toBeUndefined();
  leave.abort();
}

it("A module in an endless loop is restarted on another worker, and its neighbours come back", async () => {
  await using system = await run(autoconnect(Busy.blueprint(), StressTest.blueprint()), { nWorkers: 1 });
  await spin(system);
  await system.restartModule("Busy", { reloadSource: false });
  await expect.poll(() => system.listModules().map(({ state }) => state)).toEqual(["running", "running"]);
  expect(await system.call("StressTest", "ping", [{}])).toBe("pong");
});

it("A module in an endless loop that is unloaded lets its neighbours come back (D3)", async () => {
  await using system = await run(autoconnect(Busy.blueprint(), StressTest.blueprint()), { nWorkers: 1 });
  await spin(system);
  await system.unloadModule("Busy");
  await expect.poll(() => system.listModules().map(({ state }) => state)).toEqual(["running"]);
  expect(await system.call("StressTest", "ping", [{}])).toBe("pong");
});

describe("A restart", () => {
  const source = (ports: string, start = "") => `
import { Module, rpc } from CORE;
import { Count } from MESSAGES;
export class Edited extends Module({ source: import.meta.url, outputs: { ${ports} } }) {
  override async start() { ${start} }
  emit = rpc(async (value: number) => { await this.count?.publish({ value }); });
}`;

  async function edited(files: EditedFiles) {
    files.write("edited.ts", source("count: Count"));
    return (await files.importClass("edited.ts", "Edited")).blueprint();
  }

  it("of a new instance that fails to start is no crash of the module (D6)", async () => {
    const files = new EditedFiles();
    await using system = await run(await edited(files));
    const events: unknown[] = [];
    system.on("moduleCrashed", (event) => events.push(event));
    files.write("edited.ts", source("count: Count", 'throw new Error("no power");'));
    await expect(system.restartModule("Edited")).rejects.toMatchObject({ data: { serving: "fresh" } });
    expect(events).toEqual([]);
    expect(system.listModules()[0]?.state).toBe("running");
  });

  it("that ends with nothing running is told as a failure of the module", async () => {
    await using system = await run(FailsAgain.blueprint());
    const failed = new Promise((resolve) => system.on("moduleFailed", resolve));
    await expect(system.restartModule("FailsAgain", { reloadSource: false })).rejects.toMatchObject({
      data: { serving: "nothing" },
    });
    expect(await failed).toEqual({ instance: "FailsAgain", reason: "the second start fails" });
    expect(system.listModules()[0]?.state).toBe("failed");
  });

  it("gives a port that comes back the stream it was remapped to (D4)", async () => {
    const files = new EditedFiles();
    const blueprint = autoconnect(
      (await edited(files)).remappings([["Edited", "count", "steps"]]),
      Listener.blueprint(),
    );
    await using system = await run(blueprint.remappings([[Listener, "count", "steps"]]));
    files.write("edited.ts", source(""));
    await system.restartModule("Edited");
    files.write("edited.ts", source("count: Count"));
    await system.restartModule("Edited");
    await system.call("Edited", "emit", [7]);
    await expect.poll(() => system.call("Listener", "values", [])).toEqual([7]);
  });
});

import { beforeEach, expect, it } from "vitest";
import { EditedFiles } from "../../test/edited-file.ts";
import { pids, run } from "../../test/run.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "./coordinator.ts";

const greeter = (from: string, port = "count") => `
import { Module, rpc } from CORE;
import { Count } from MESSAGES;
export class Greeter extends Module({ source: import.meta.url, outputs: { ${port}: Count } }) {
  hello = rpc(async () => "Hello from ${from}");
  emit = rpc(async (value: number) => { await this.${port}.publish({ value }); });
}`;

let files: EditedFiles;

beforeEach(() => {
  files = new EditedFiles();
  files.write("greeter.ts", greeter("Alice"));
});

const importGreeter = () => files.importClass("greeter.ts", "Greeter");

/** Modules of each worker. */
async function placed(system: ModuleCoordinator): Promise<readonly (readonly string[])[]> {
  return (await system.health()).workers.map(({ modules }) => modules);
}

/** Ends the worker of a module; resolves when all of its modules run again. */
async function crash(system: ModuleCoordinator, instance: string): Promise<void> {
  const lost = (await placed(system)).find((modules) => modules.includes(instance)) ?? [];
  const back = new Set<string>();
  const isOver = Promise.withResolvers<void>();
  const off = system.on("moduleRestarted", (event) => {
    back.add(event.instance);
    if (lost.every((name) => back.has(name))) isOver.resolve();
  });
  process.kill(pids(system)[instance] as number, "SIGKILL");
  await isOver.promise;
  off();
}

it("Edits of one module add one worker, however many they are (K7a)", async () => {
  await using system = await run(autoconnect((await importGreeter()).blueprint(), StressTest.blueprint()), {
    nWorkers: 1,
  });
  for (const from of ["Bob", "Carol", "Dave"]) {
    files.write("greeter.ts", greeter(from));
    await system.restartModule("Greeter");
    expect(await system.call("Greeter", "hello", [])).toBe(`Hello from ${from}`);
    expect(await placed(system)).toEqual([["StressTest"], ["Greeter"]]);
  }
});

it("The worker of an edit is one of nWorkers: later loads go to the emptiest, and none is started", async () => {
  const blueprint = autoconnect((await importGreeter()).blueprint(), StressTest.blueprint(), Listener.blueprint());
  await using system = await run(blueprint, { nWorkers: 2 });
  expect(await placed(system)).toEqual([["Greeter", "Listener"], ["StressTest"]]);
  files.write("greeter.ts", greeter("Bob"));
  await system.restartModule("Greeter");
  expect(await placed(system)).toEqual([["Listener"], ["StressTest"], ["Greeter"]]);
  await system.unloadModule("Listener");
  await system.loadBlueprint(Listener.blueprint());
  await system.loadBlueprint(Counter.blueprint());
  expect(await placed(system)).toEqual([
    ["StressTest", "Listener"],
    ["Greeter", "Counter"],
  ]);
});

it("A module that crashes goes to the emptiest worker when there are nWorkers, and starts none", async () => {
  const blueprint = autoconnect((await importGreeter()).blueprint(), StressTest.blueprint());
  await using system = await run(blueprint, { nWorkers: 1 });
  files.write("greeter.ts", greeter("Bob"));
  await system.restartModule("Greeter");
  await crash(system, "StressTest");
  expect(await placed(system)).toEqual([["Greeter", "StressTest"]]);
  expect(await system.call("StressTest", "ping", [{}])).toBe("pong");
});

it("A module that was edited and crashes does not come to a worker that has the older copy of its file", async () => {
  const blueprint = autoconnect((await importGreeter()).blueprint(), StressTest.blueprint());
  await using system = await run(blueprint, { nWorkers: 1 });
  files.write("greeter.ts", greeter("Bob"));
  await system.restartModule("Greeter");
  await crash(system, "Greeter");
  expect(await system.call("Greeter", "hello", [])).toBe("Hello from Bob");
  expect(await placed(system)).toEqual([["StressTest"], ["Greeter"]]);
});

it("A module that is unloaded, edited and loaded again is what its file says by then, also with another port (D5)", async () => {
  const Greeter = await importGreeter();
  await using system = await run(autoconnect(Greeter.blueprint(), Listener.blueprint()), { nWorkers: 1 });
  await system.unloadModule("Greeter");
  files.write("greeter.ts", greeter("Bob", "steps"));
  await system.loadBlueprint(Greeter.blueprint());
  expect(await system.call("Greeter", "hello", [])).toBe("Hello from Bob");
  expect(system.listModules().find(({ instance }) => instance === "Greeter")?.description.ports).toMatchObject([
    { name: "steps" },
  ]);
  await system.call("Greeter", "emit", [1]);
});

import { utimesSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { EditedFiles } from "../../test/edited-file.ts";
import { Remembered } from "../../test/remembered.ts";
import { pids, run } from "../../test/run.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { readRunLog } from "../log/read-run-log.ts";
import type { ModuleCoordinator } from "./coordinator.ts";

/** Imports one file at once, and one when it starts. */
const SOURCE = `
import { Module, rpc } from CORE;
import { from } from "./name.ts";
export class Greeter extends Module({ source: import.meta.url }) {
  #manners = "";
  override async start() { this.#manners = (await import("./manners.ts")).greeting; }
  hello = rpc(async () => this.#manners + " from " + from);
}`;

async function workers(system: ModuleCoordinator) {
  return (await system.health()).workers.map(({ name, pid }) => ({ name, pid }));
}

function editWarningsOf({ logDirectory }: ModuleCoordinator) {
  const lines = [...readRunLog(logDirectory, { level: "warn" })].map(({ fields }) => String(fields.msg));
  return lines.filter((line) => line.includes("edited"));
}

it("25 hot restarts of unedited modules add no worker, and leave no old instance in memory (K7a)", async () => {
  const blueprint = autoconnect(Remembered.blueprint(), Counter.blueprint(), StressTest.blueprint());
  await using system = await run(blueprint, { nWorkers: 2 });
  const before = [await workers(system), pids(system)];
  for (let count = 0; count < 25; count++)
    await system.restartModule(["Remembered", "Counter", "StressTest", "Remembered"][count % 4] as string);
  expect([await workers(system), pids(system)]).toEqual(before);
  expect(system.listModules().map(({ instance, restarts }) => [instance, restarts])).toEqual([
    ["Remembered", 13],
    ["Counter", 6],
    ["StressTest", 6],
  ]);
  expect(await system.call("Remembered", "alive", [])).toBe(1);
});

describe("A restart of a module", () => {
  let files: EditedFiles;

  beforeEach(() => {
    files = new EditedFiles();
    files.write("name.ts", 'export const from = "Alice";');
    files.write("manners.ts", 'export const greeting = "Hello";');
    files.write("greeter.ts", SOURCE);
  });

  async function system() {
    const Greeter = await files.importClass("greeter.ts", "Greeter");
    return run(autoconnect(Greeter.blueprint(), Listener.blueprint()), { nWorkers: 1 });
  }

  it("whose file was saved without a change, or whose edit was taken back, takes place in its own worker", async () => {
    await using on = await system();
    const before = await workers(on);
    const file = files.write("greeter.ts", SOURCE);
    utimesSync(file, new Date(), new Date(Date.now() + 60_000));
    files.write("name.ts", 'export const from = "Bob";');
    files.write("name.ts", 'export const from = "Alice";');
    await on.restartModule("Greeter");
    expect(await workers(on)).toEqual(before);
    expect(await on.call("Greeter", "hello", [])).toBe("Hello from Alice");
  });

  it("runs a file that it only imports when it starts as that was edited (D5)", async () => {
    await using on = await system();
    files.write("manners.ts", 'export const greeting = "Good day";');
    await on.restartModule("Greeter");
    expect(await on.call("Greeter", "hello", [])).toBe("Good day from Alice");
    const { Greeter, Listener: other } = pids(on);
    expect(Greeter).not.toBe(other);
  });

  it("says which file is gone, and leaves the old instance running (D6)", async () => {
    await using on = await system();
    files.remove("name.ts");
    await expect(on.restartModule("Greeter")).rejects.toMatchObject({
      data: { serving: "old" },
      message: expect.stringMatching(/^Greeter was not restarted: .*name\.ts/),
    });
    expect(await on.call("Greeter", "hello", [])).toBe("Hello from Alice");
  });

  it("after its restart with an edit takes place in the worker of that edit", async () => {
    await using on = await system();
    files.write("name.ts", 'export const from = "Bob";');
    await on.restartModule("Greeter");
    const after = await workers(on);
    await on.restartModule("Greeter");
    expect(await workers(on)).toEqual(after);
    expect(await on.call("Greeter", "hello", [])).toBe("Hello from Bob");
  });

  it("names the modules that still run an older copy of a file they share, and of no other", async () => {
    files.write("second.ts", SOURCE.replace("class Greeter", "class Second"));
    const blueprint = autoconnect(
      (await files.importClass("greeter.ts", "Greeter")).blueprint(),
      (await files.importClass("second.ts", "Second")).blueprint(),
      Listener.blueprint(),
    );
    await using on = await run(blueprint, { nWorkers: 1 });
    files.write("name.ts", 'export const from = "Bob";');
    await on.restartModule("Greeter");
    expect(await on.call("Second", "hello", [])).toBe("Hello from Alice");
    const warnings = editWarningsOf(on);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Modules still run edited files as they were before: Second \(.*name\.ts\)\. Restart them/,
      ),
    ]);
    await on.restartModule("Second");
    expect(await on.call("Second", "hello", [])).toBe("Hello from Bob");
    expect(editWarningsOf(on)).toEqual(warnings);
  });
});

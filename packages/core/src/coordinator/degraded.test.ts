import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Crasher, Fragile } from "../../test/crashing.ts";
import { EditedFiles } from "../../test/edited-file.ts";
import { ByClass, Provider } from "../../test/refs.ts";
import { pids, run } from "../../test/run.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";

describe("A module that is down", () => {
  it.each([true, false])("is started again by restartModule, with reloadSource %s", async (reloadSource) => {
    await using system = await run(autoconnect(Crasher.blueprint(), Listener.blueprint()));
    const failed = new Promise((resolve) => system.on("moduleFailed", resolve));
    system.call("Crasher", "exit", [0]).catch(() => {});
    await failed;
    await system.restartModule("Crasher", { reloadSource });
    await system.call("Crasher", "emit", [5]);
    await expect.poll(() => system.call("Listener", "values", [])).toEqual([5]);
    expect(system.listModules().map(({ instance, state }) => [instance, state])).toEqual([
      ["Crasher", "running"],
      ["Listener", "running"],
    ]);
  });

  it("can be unloaded, and loaded again", async () => {
    await using system = await run(autoconnect(Crasher.blueprint(), StressTest.blueprint()));
    const failed = new Promise((resolve) => system.on("moduleFailed", resolve));
    system.call("Crasher", "exit", [0]).catch(() => {});
    await failed;
    await system.unloadModule("Crasher");
    await system.loadBlueprint(Crasher.blueprint());
    expect(await system.call("Crasher", "pid", [])).toBe(pids(system).Crasher);
  });

  it("is found again by those that refer to it, when it is loaded again (D3)", async () => {
    await using system = await run(autoconnect(Provider.blueprint(), ByClass.blueprint()));
    await system.unloadModule("Provider");
    await expect(system.call("ByClass", "sum", [])).rejects.toThrow("Provider is not running any more");
    await system.loadBlueprint(Provider.blueprint());
    expect(await system.call("ByClass", "sum", [])).toBe(3);
  });

  it("stays down when it cannot be started, and the error says so", async () => {
    const files = new EditedFiles();
    const text =
      'import { Module } from CORE;\nexport class Once extends Module({ source: import.meta.url, restart: { policy: "never" } }) {}';
    files.write("once.ts", text);
    const Once = await files.importClass("once.ts", "Once");
    await using system = await run(Once.blueprint());
    const failed = new Promise((resolve) => system.on("moduleFailed", resolve));
    process.kill(pids(system).Once as number, "SIGKILL");
    await failed;
    files.write("once.ts", "export class Once extends {{");
    await expect(system.restartModule("Once")).rejects.toMatchObject({
      data: { module: "Once", serving: "nothing" },
      message: expect.stringMatching(/Nothing could be started instead: it is down$/),
    });
    files.write("once.ts", text);
    await system.restartModule("Once");
    expect(system.listModules()[0]?.state).toBe("running");
  });

  it("leaves no socket of its worker behind", async () => {
    await using system = await run(autoconnect(Fragile.blueprint(), StressTest.blueprint()));
    await Promise.all([system.call("Fragile", "pid", []), system.call("StressTest", "ping", [{}])]);
    const directory = join(system.endpoint.slice("unix:".length), "..");
    expect(readdirSync(directory).sort()).toEqual(["control", "worker-1.rpc", "worker-2.rpc"]);
    const crashed = new Promise((resolve) => system.on("moduleCrashed", resolve));
    process.kill(pids(system).Fragile as number, "SIGKILL");
    await crashed;
    expect(readdirSync(directory)).not.toContain("worker-1.rpc");
  });
});

describe("A worker that stands still", () => {
  it("does not hold up changes of others, and is wired when it goes on", async () => {
    await using system = await run(autoconnect(Listener.blueprint(), StressTest.blueprint()), { nWorkers: 3 });
    const stopped = pids(system).Listener as number;
    process.kill(stopped, "SIGSTOP");
    try {
      const startedMs = performance.now();
      await system.loadBlueprint(Counter.blueprint());
      expect(performance.now() - startedMs).toBeLessThan(10_000);
    } finally {
      process.kill(stopped, "SIGCONT");
    }
    await expect
      .poll(async () => {
        await system.call("Counter", "emit", [1, 1]);
        return system.call("Listener", "values", []);
      })
      .toContain(1);
  });
});

it("stop is bounded while a restart hangs in start (A13)", async () => {
  const files = new EditedFiles();
  const text = (start: string) =>
    `import { Module } from CORE;\nexport class Slow extends Module({ source: import.meta.url }) { override async start() { ${start} } }`;
  files.write("slow.ts", text(""));
  const system = await run((await files.importClass("slow.ts", "Slow")).blueprint());
  files.write("slow.ts", text("await new Promise(() => {});"));
  const restart = expect(system.restartModule("Slow")).rejects.toMatchObject({ code: "RESTART_FAILED" });
  await expect.poll(() => system.listModules()[0]?.state).toBe("restarting");
  await expect(system.call("Slow", "any", [], { timeoutMs: 100 })).rejects.toMatchObject({ code: "CALL_TIMEOUT" });
  const startedMs = performance.now();
  await system.stop();
  expect(performance.now() - startedMs).toBeLessThan(6000);
  await restart;
});

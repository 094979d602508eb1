import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as failing from "../../test/failing.ts";
import { Ping, Pong } from "../../test/refs.ts";
import { run } from "../../test/run.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "./coordinator.ts";

function logOf(system: ModuleCoordinator): string {
  return readFileSync(join(system.logDirectory, "coordinator.jsonl"), "utf8");
}

describe("A module that does not return", () => {
  it("from its constructor fails its load at the deadline, and its neighbours come back", async () => {
    await using system = await run(StressTest.blueprint(), { nWorkers: 1 }, { deadlines: { deployMs: 2000 } });
    await expect(system.loadBlueprint(failing.ConstructsForever.blueprint())).rejects.toMatchObject({
      code: "LOAD_FAILED",
      message:
        "ConstructsForever failed to deploy: Worker worker-1 did not answer DeployModule within 2000 ms: its constructor, or the import of its file, does not return",
      data: { module: "ConstructsForever", phase: "deploy" },
      cause: expect.objectContaining({ code: "WORKER_TIMEOUT" }),
    });
    await expect.poll(() => system.call("StressTest", "ping", [{}]).catch(String), { timeout: 10_000 }).toBe("pong");
    expect(system.listModules()).toEqual([expect.objectContaining({ instance: "StressTest", state: "running" })]);
    expect(system.listModules()[0]?.restarts).toBeGreaterThan(0);
  });

  it.each([2, 0])("from start() fails its load at the deadline, with nWorkers %i", async (nWorkers) => {
    const load = run(failing.StartsForever.blueprint(), { nWorkers }, { deadlines: { startMs: 300 } });
    await expect(load).rejects.toThrow(
      /^StartsForever failed to start: Worker \S+ did not answer StartModule within 300 ms: start\(\) does not return$/,
    );
  });
});

describe("A worker that answers junk on its channel", () => {
  it("is ignored, with one line in the log, and goes on working", async () => {
    await using system = await run(autoconnect(failing.SendsJunk.blueprint(), StressTest.blueprint()), { nWorkers: 1 });
    const junk = [
      { nonsense: 1 },
      "x",
      null,
      7,
      [],
      { type: "Response", id: 999 },
      { type: "Response", id: 999, ok: true, value: 1 },
      { type: "Response", id: 1, ok: false, error: "no error" },
      { type: "Heartbeat" },
    ];
    await system.call("SendsJunk", "send", [junk]);
    await system.restartModule("SendsJunk", { reloadSource: false });
    expect(await system.call("StressTest", "ping", [{}])).toBe("pong");
    expect(system.listModules().map(({ state }) => state)).toEqual(["running", "running"]);
    await expect.poll(() => logOf(system)).toContain("sent { nonsense: 1 } on its control channel, which was ignored");
    expect(logOf(system).match(/on its control channel/g)).toHaveLength(1);
  });
});

describe("A blueprint", () => {
  it("with a cycle of references runs: they are proxies, followed when they are called", async () => {
    await using system = await run(autoconnect(Ping.blueprint(), Pong.blueprint()));
    expect(await system.call("Ping", "rally", [6])).toBe(0);
  });

  it("with no modules is refused", async () => {
    await expect(run(autoconnect())).rejects.toMatchObject({
      code: "INVALID_BLUEPRINT",
      message: "The blueprint has no modules",
    });
  });

  it("with inputs that nothing publishes to is refused by a strict run (C6)", async () => {
    await expect(run(Listener.blueprint(), { strict: true })).rejects.toThrow(/Listener\.count/);
    await using system = await run(autoconnect(Listener.blueprint(), Counter.blueprint()), { strict: true });
    expect(system.listModules()).toHaveLength(2);
  });

  it("with the same module twice runs it once; loaded a second time it is refused", async () => {
    await using system = await run(autoconnect(StressTest.blueprint(), StressTest.blueprint()));
    expect(system.listModules().map(({ instance }) => instance)).toEqual(["StressTest"]);
    await expect(system.loadBlueprint(StressTest.blueprint())).rejects.toMatchObject({
      code: "ALREADY_DEPLOYED",
      message: "StressTest: already deployed. Unload it first, or load it in a namespace",
    });
  });

  it("with settings that cannot be sent to a worker is refused, and names the module", async () => {
    const blueprint = failing.Configured.blueprint({ name: "x", speed: (() => 1) as never });
    await expect(run(blueprint)).rejects.toThrow(/Configured/);
  });
});

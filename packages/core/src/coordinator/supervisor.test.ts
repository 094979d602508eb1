import { describe, expect, it } from "vitest";
import { Busy, Crasher, CrashesInStart, Fragile } from "../../test/crashing.ts";
import { StartsForever } from "../../test/failing.ts";
import { pids, run } from "../../test/run.ts";
import { Listener } from "../../test/streams.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { readRunLog } from "../log/read-run-log.ts";
import type { RunEventName } from "../report/events.ts";
import type { ModuleCoordinator } from "./coordinator.ts";

function next(system: ModuleCoordinator, name: RunEventName): Promise<unknown> {
  return new Promise((resolve) => {
    const off = system.on(name, (event) => {
      off();
      resolve(event);
    });
  });
}

describe("A worker that dies", () => {
  it("is seen at once: an event names its module, pending calls reject, and it comes back wired (E2)", async () => {
    await using system = await run(autoconnect(Crasher.blueprint(), Listener.blueprint()));
    await system.call("Crasher", "pid", []);
    const pending = system.call("Crasher", "hang", []);
    const rejected = expect(pending).rejects.toThrow(/^Worker worker-\d was ended by SIGKILL$/);
    const [crashed, restarted] = [next(system, "moduleCrashed"), next(system, "moduleRestarted")];
    process.kill(pids(system).Crasher as number, "SIGKILL");
    expect(await crashed).toMatchObject({ instance: "Crasher", reason: "was ended by SIGKILL" });
    await rejected;
    expect(await restarted).toEqual({ instance: "Crasher", cause: "crash" });
    await system.call("Crasher", "emit", [3]);
    await expect.poll(() => system.call("Listener", "values", [])).toEqual([3]);
    expect(system.listModules().map(({ instance, state, restarts }) => [instance, state, restarts])).toEqual([
      ["Crasher", "running", 1],
      ["Listener", "running", 0],
    ]);
  });

  it("is told within a second, with each of its modules (E2)", async () => {
    await using system = await run(autoconnect(Crasher.blueprint(), Listener.blueprint()), { nWorkers: 1 });
    const took: number[] = [];
    // The best of three: what the machine does meanwhile is not ours.
    for (let crash = 0; crash < 3 && Math.min(...took) > 1000; crash++) {
      const back = Promise.withResolvers<void>();
      const told: string[] = [];
      const offs = [
        system.on("moduleCrashed", ({ instance }) => {
          told.push(instance);
          if (told.length === 2) took.push(performance.now() - killedMs);
        }),
        system.on("moduleRestarted", () => {
          if (system.listModules().every(({ state }) => state === "running")) back.resolve();
        }),
      ];
      const killedMs = performance.now();
      process.kill(pids(system).Crasher as number, "SIGKILL");
      await back.promise;
      expect(told.sort()).toEqual(["Crasher", "Listener"]);
      for (const off of offs) off();
    }
    expect(Math.min(...took)).toBeLessThan(1000);
  });

  it.each([
    ["throwUnhandled", "loose cable"],
    ["rejectUnhandled", "nobody listens"],
  ])("by %s counts as a crash, and its neighbours come back with it (E6)", async (method, message) => {
    await using system = await run(autoconnect(Crasher.blueprint(), StressTest.blueprint()), { nWorkers: 1 });
    const [crashed, restarted] = [next(system, "moduleCrashed"), next(system, "moduleRestarted")];
    system.call("Crasher", method, []).catch(() => {});
    expect(await crashed).toMatchObject({
      reason: expect.stringMatching(`^ended with exit code 70 after an? .+, in Crasher: Error: ${message}$`),
    });
    const [line] = readRunLog(system.logDirectory, { level: "error" });
    expect(line).toMatchObject({ module: "Crasher", fields: { worker: "worker-1", err: { message } } });
    await restarted;
    expect(await system.call("StressTest", "ping", [{}])).toBe("pong");
  });

  it("with exit code 0 stays down under the default policy, and its references and calls say so (E6)", async () => {
    await using system = await run(Crasher.blueprint());
    const failed = next(system, "moduleFailed");
    system.call("Crasher", "exit", [0]).catch(() => {});
    expect(await failed).toEqual({ instance: "Crasher", reason: "ended with exit code 0" });
    expect(system.listModules()[0]?.state).toBe("failed");
    await expect(system.call("Crasher", "pid", [])).rejects.toThrow("Crasher is down (failed)");
  });

  it("again and again is given up after the limit, and the run goes on degraded (E2)", async () => {
    await using system = await run(autoconnect(CrashesInStart.blueprint(), StressTest.blueprint()), { nWorkers: 2 });
    process.env.DIMOS_TEST_MAY_START = "0";
    try {
      const failed = next(system, "moduleFailed");
      process.kill(pids(system).CrashesInStart as number, "SIGKILL");
      expect(await failed).toMatchObject({ instance: "CrashesInStart" });
    } finally {
      delete process.env.DIMOS_TEST_MAY_START;
    }
    expect(await system.call("StressTest", "ping", [{}])).toBe("pong");
  });

  it("ends the run when its module is essential", async () => {
    await using system = await run(Fragile.blueprint());
    const stopped = next(system, "stopped");
    process.kill(pids(system).Fragile as number, "SIGKILL");
    expect(await stopped).toMatchObject({ reason: expect.stringContaining("Fragile is essential, and down for good") });
  });
});

describe("A recovery", () => {
  it("does not wait for a load that is under way (E2)", async () => {
    await using system = await run(autoconnect(Crasher.blueprint(), Listener.blueprint()), { nWorkers: 3 });
    const abort = new AbortController();
    const isStarting = Promise.withResolvers<void>();
    const loading = system.loadBlueprint(StartsForever.blueprint(), {
      signal: abort.signal,
      onProgress: ({ phase }) => phase === "build" && isStarting.resolve(),
    });
    loading.catch(() => {});
    await isStarting.promise;
    const restarted = next(system, "moduleRestarted");
    process.kill(pids(system).Crasher as number, "SIGKILL");
    expect(await restarted).toEqual({ instance: "Crasher", cause: "crash" });
    await system.call("Crasher", "emit", [3]);
    await expect.poll(() => system.call("Listener", "values", [])).toEqual([3]);
    abort.abort();
    await expect(loading).rejects.toMatchObject({ code: "LOAD_ABORTED" });
  });

  it("gives a module that has crashed twice a worker that no other module comes to", async () => {
    await using system = await run(Crasher.blueprint(), { nWorkers: 1 });
    for (let crash = 1; crash <= 2; crash++) {
      const restarted = next(system, "moduleRestarted");
      process.kill(pids(system).Crasher as number, "SIGKILL");
      await restarted;
    }
    await system.loadBlueprint(StressTest.blueprint());
    const { Crasher: isolated, StressTest: other } = pids(system);
    expect(other).not.toBe(isolated);
  });
});

describe("A busy worker", () => {
  it("is reported, the others are unaffected, and stop is bounded (E5)", async () => {
    const system = await run(autoconnect(Busy.blueprint(), StressTest.blueprint()));
    const silent = next(system, "workerUnresponsive");
    system.call("Busy", "spin", []).catch(() => {});
    expect(await silent).toMatchObject({ modules: ["Busy"] });
    expect(await system.call("StressTest", "ping", [{}])).toBe("pong");
    expect(await system.health()).toMatchObject({
      state: "degraded",
      workers: [
        { modules: ["Busy"], state: "unresponsive" },
        { modules: ["StressTest"], state: "responsive" },
      ],
    });
    const startedMs = performance.now();
    await system.stop();
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  it("that runs out of memory has a report of its own (E6)", async () => {
    process.execArgv.push("--max-old-space-size=64");
    try {
      await using system = await run(Busy.blueprint());
      const crashed = next(system, "moduleCrashed");
      system.call("Busy", "fillMemory", []).catch(() => {});
      expect(await crashed).toMatchObject({ reason: "was ended by SIGABRT (Node aborts when its memory is used up)" });
    } finally {
      process.execArgv.pop();
    }
  });
});

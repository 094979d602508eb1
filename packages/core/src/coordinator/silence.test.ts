import { spawn } from "node:child_process";
import { availableParallelism, setPriority } from "node:os";
import { describe, expect, it } from "vitest";
import { pids, run } from "../../test/run.ts";
import { Silent, SlowLife } from "../../test/silent.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { RunEventName } from "../report/events.ts";
import type { ModuleCoordinator } from "./coordinator.ts";

const WHY = /^was ended by SIGKILL: it did not answer for \d+ s, and was not waiting for a processor$/;

const system = (silenceMs: number) =>
  run(autoconnect(Silent.blueprint(), StressTest.blueprint()), { nWorkers: 1 }, { deadlines: { silenceMs } });

function next(running: ModuleCoordinator, name: RunEventName): Promise<{ instance: string; reason: string }> {
  return new Promise((resolve) => running.on(name, resolve as never));
}

describe("A silent worker is killed and started again, and its callers hear why (K10),", () => {
  it.each([
    ["when a module there is in an endless loop", "spin"],
    ["when a module there waits in a call that blocks", "block"],
  ])("%s", async (_, method) => {
    await using running = await system(700);
    const before = await running.call("Silent", "pid", []);
    const restarted = next(running, "moduleRestarted");
    const crashed = next(running, "moduleCrashed");
    await expect(running.call("Silent", method, [])).rejects.toThrow(
      /^Worker worker-1 was ended by SIGKILL: it did not/,
    );
    expect((await crashed).reason).toMatch(WHY);
    await restarted;
    expect(await running.call("Silent", "pid", [])).not.toBe(before);
    expect(await running.call("StressTest", "ping", [{}])).toBe("pong");
  });

  it("when it is stopped", async () => {
    await using running = await system(700);
    const crashed = next(running, "moduleCrashed");
    process.kill(pids(running).Silent as number, "SIGSTOP");
    expect((await crashed).reason).toMatch(WHY);
  });
});

describe("A silent worker is left alone", () => {
  it("while a module there is constructed, built, started or stopped, however long that blocks", async () => {
    const life = autoconnect(SlowLife.blueprint({ ms: 1000 }), StressTest.blueprint());
    const globals = { nWorkers: 1, stopTimeoutMs: 20_000 };
    await using running = await run(life, globals, { deadlines: { silenceMs: 500 } });
    const crashes: unknown[] = [];
    running.on("moduleCrashed", (event) => crashes.push(event));
    const { pid } = (await running.call("StressTest", "info", [{}])) as { pid: number };
    await running.unloadModule("SlowLife");
    expect(await running.call("StressTest", "info", [{}])).toMatchObject({ pid });
    expect(crashes).toEqual([]);
  });

  it("while it waits for a processor", async () => {
    await using running = await system(1000);
    const pid = (await running.call("Silent", "pid", [])) as number;
    const silent = next(running, "workerUnresponsive");
    const hogs = Array.from({ length: availableParallelism() * 3 }, () =>
      spawn("/bin/sh", ["-c", "while :; do :; done"]),
    );
    try {
      setPriority(pid, 19);
      const work = running.call("Silent", "work", [400]);
      await silent;
      for (const hog of hogs) hog.kill("SIGKILL");
      expect(await work).toBe(pid);
    } finally {
      for (const hog of hogs) hog.kill("SIGKILL");
    }
  });

  it("while a debugger is open there", async () => {
    await using running = await system(700);
    const { Silent: pid } = pids(running);
    expect(await running.call("Silent", "debug", [1500])).toBe(pid);
  });
});

// 50 s: in the nightly suite.
describe.skipIf(process.env.DIMOS_NIGHTLY !== "1")("Without settings", () => {
  it("an endless loop is ended after 20 s, and a build() that blocks for 25 s is not", async () => {
    await using running = await run(autoconnect(SlowLife.blueprint({ ms: 0 }), Silent.blueprint()), { nWorkers: 1 });
    const crashes: unknown[] = [];
    running.on("moduleCrashed", (event) => crashes.push(event));
    await running.loadBlueprint(SlowLife.blueprint({ ms: 25_000 }).namespace("slow"));
    expect(crashes).toEqual([]);
    const crashed = next(running, "moduleCrashed");
    const startedMs = performance.now();
    running.call("Silent", "spin", []).catch(() => {});
    expect((await crashed).reason).toMatch(WHY);
    expect(performance.now() - startedMs).toBeGreaterThan(20_000);
  }, 240_000);
});

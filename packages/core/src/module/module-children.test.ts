import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pids, run } from "../../test/run.ts";
import { Asking, Spawner } from "../../test/spawning.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { identifyProcess, isAlive } from "../runs/process-identity.ts";

describe.each([1, 0])("What a module starts with spawn, with nWorkers %i", (nWorkers) => {
  it("is asked to end when the module stops, and killed with all that it started", async () => {
    const blueprint = autoconnect(Spawner.blueprint(), Asking.blueprint(), StressTest.blueprint());
    await using system = await run(blueprint, { nWorkers });
    const file = join(process.env.XDG_RUNTIME_DIR as string, `asked-${nWorkers}`);
    await system.call("Asking", "writeTo", [file]);
    const started = [
      ...((await system.call("Spawner", "pids", [])) as number[]),
      await system.call("Asking", "begin", []),
    ];
    const processes = started.map((pid) => identifyProcess(pid as number));
    expect(processes.map(isAlive)).toEqual([true, true, true, true]);
    await system.unloadModule("Asking");
    expect(existsSync(file)).toBe(true);
    expect(processes.map(isAlive)).toEqual([true, true, true, false]);
    await system.restartModule("Spawner", { reloadSource: false });
    expect(processes.filter(isAlive)).toEqual([]);
    expect(await system.call("StressTest", "ping", [{}])).toBe("pong");
  });

  it("and cannot be started is an error of the child, as in Node", async () => {
    await using system = await run(Asking.blueprint(), { nWorkers });
    expect(await system.call("Asking", "startNothing", [])).toBe("spawn /no/such/program ENOENT");
  });
});

it("dies with a worker that is killed while its coordinator lives", async () => {
  await using system = await run(Spawner.blueprint());
  const processes = ((await system.call("Spawner", "pids", [])) as number[]).map(identifyProcess);
  process.kill(pids(system).Spawner as number, "SIGKILL");
  await expect.poll(() => processes.filter(isAlive), { timeout: 1500 }).toEqual([]);
});

import { afterEach, expect, it } from "vitest";
import { pids, run } from "../../test/run.ts";
import { StressTest } from "../../test/stress-test.ts";
import { RemoteCoordinator } from "../control/remote-coordinator.ts";
import type { ModuleCoordinator } from "../coordinator/coordinator.ts";

let system: ModuleCoordinator | undefined;
let pid: number | undefined;

afterEach(async () => {
  if (pid !== undefined) process.kill(pid, "SIGCONT");
  await system?.stop();
});

// The worker is asked for its endpoint first, then connected to: both may take as long as the call.
it.each([
  ["that was never called", false],
  ["that was called before", true],
])("a call of a worker %s and stands still has its own deadline, and can be aborted (B4)", async (_, isKnown) => {
  system = await run(StressTest.blueprint(), { nWorkers: 1 });
  await using client = await RemoteCoordinator.connect(system.endpoint);
  if (isKnown) await client.call("StressTest", "ping", [{}]);
  pid = pids(system).StressTest as number;
  process.kill(pid, "SIGSTOP");
  const startMs = performance.now();
  for (const caller of [client, system]) {
    await expect(caller.call("StressTest", "ping", [{}], { timeoutMs: 200 })).rejects.toMatchObject({
      code: "CALL_TIMEOUT",
      message: expect.stringMatching(/^StressTest\.ping .*200 ms/),
    });
    const abort = new AbortController();
    const aborted = caller.call("StressTest", "ping", [{}], { signal: abort.signal });
    abort.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toMatchObject({ code: "CALL_ABORTED" });
  }
  expect(performance.now() - startMs).toBeLessThan(3_000);
});

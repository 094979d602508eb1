import { expect, it } from "vitest";
import { Crasher } from "../../test/crashing.ts";
import { pids, run } from "../../test/run.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { RemoteCoordinator } from "./remote-coordinator.ts";

it("tells a client that waits for a worker's answer which worker ended, and how (E2)", async () => {
  await using system = await run(autoconnect(Crasher.blueprint(), StressTest.blueprint()), { nWorkers: 2 });
  await using client = await RemoteCoordinator.connect(system.endpoint);
  await client.call("Crasher", "pid", []);
  const rejected = expect(client.call("Crasher", "hang", [])).rejects.toMatchObject({
    code: "WORKER_EXITED",
    message: expect.stringMatching(/^Worker worker-\d was ended by SIGKILL$/),
    cause: { code: "CONNECTION_LOST" },
  });
  process.kill(pids(system).Crasher as number, "SIGKILL");
  await rejected;
});

it("leaves a client with its lost connection when the module was stopped, or the run is gone (A17)", async () => {
  const system = await run(autoconnect(Crasher.blueprint(), StressTest.blueprint()), { nWorkers: 2 });
  await using client = await RemoteCoordinator.connect(system.endpoint);
  const outcome = async (call: Promise<unknown>) => call.catch((error: { code?: string }) => error.code);
  await client.call("Crasher", "pid", []);
  const unloaded = outcome(client.call("Crasher", "hang", []));
  await client.unloadModule("Crasher");
  expect(await unloaded).not.toBe("WORKER_EXITED");
  const pending = outcome(client.call("StressTest", "slow", [{ seconds: 60 }]));
  await system.stop();
  expect(await pending).not.toBe("WORKER_EXITED");
});

import { expect, it } from "vitest";
import { Asker, Crasher, Lonely } from "../../test/crashing.ts";
import { pids, run } from "../../test/run.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "../coordinator/coordinator.ts";

const system = () => run(autoconnect(Crasher.blueprint(), Lonely.blueprint(), Asker.blueprint()), { nWorkers: 3 });

/** Resolves when a call of `instance.hang` is under way. */
async function hanging(running: ModuleCoordinator, instance: string): Promise<void> {
  const calls = async () => {
    const { workers } = await running.metrics();
    const methods = workers.flatMap(({ metrics }) => metrics?.methods ?? []);
    return methods.find((method) => method.instance === instance && method.method === "hang")?.active;
  };
  await expect.poll(calls, { timeout: 5000 }).toBe(1);
}

it("tells a caller through a reference which worker was lost, and how, and finds the module when it is back (E2)", async () => {
  await using running = await system();
  const { Crasher: crasher } = pids(running);
  const back = new Promise((resolve) => running.on("moduleRestarted", resolve));
  const lost = expect(running.call("Asker", "askCrasher", [])).rejects.toMatchObject({
    code: "WORKER_EXITED",
    message: "Worker worker-1 was ended by SIGKILL, and Crasher with it",
    data: { worker: "worker-1", reason: "was ended by SIGKILL", instance: "Crasher" },
  });
  await hanging(running, "Crasher");
  process.kill(crasher as number, "SIGKILL");
  await lost;
  await back;
  expect(await running.call("Asker", "crasherPid", [])).toBe(pids(running).Crasher);
});

it("says the same of later calls of a module that stays down (E2)", async () => {
  await using running = await system();
  const lost = expect(running.call("Asker", "askLonely", [])).rejects.toThrow(
    "Worker worker-2 was ended by SIGKILL, and Lonely with it",
  );
  await hanging(running, "Lonely");
  process.kill(pids(running).Lonely as number, "SIGKILL");
  await lost;
  const later = () => running.call("Asker", "askLonely", []).catch((error: Error) => error.message);
  await expect.poll(later).toBe("Lonely is not running any more: its worker worker-2 was ended by SIGKILL");
});

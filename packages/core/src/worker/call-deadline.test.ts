import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Leader, Walker } from "../../test/moving.ts";
import { run } from "../../test/run.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { RemoteCoordinator } from "../control/remote-coordinator.ts";
import type { ModuleCoordinator } from "../coordinator/coordinator.ts";
import type { RunCallOptions } from "../module/module-run.ts";
import { RunRegistry } from "../runs/run-registry.ts";

const TOKEN = "a-long-enough-token-for-a-test";

type Call = (instance: string, method: string, args: unknown[], options?: RunCallOptions) => Promise<unknown>;

// A walk reports progress every 50 ms, and its own deadline is 500 ms.
describe.each([2, 0])("K6 with %i workers", (nWorkers) => {
  let on: ModuleCoordinator;
  const clients: RemoteCoordinator[] = [];

  beforeAll(async () => {
    const modules = autoconnect(Walker.blueprint(), Leader.blueprint());
    on = await run(modules, { nWorkers, listen: "ws://127.0.0.1:0", token: TOKEN });
    const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
    const tcpEndpoint = entries.find(({ runId }) => runId === on.runId)?.tcpEndpoint as string;
    clients.push(await RemoteCoordinator.connect(on.endpoint));
    clients.push(await RemoteCoordinator.connect(tcpEndpoint, { token: TOKEN }));
  });

  afterAll(async () => {
    for (const client of clients) await client[Symbol.asyncDispose]();
    await on.stop();
  });

  const callers: [string, () => Call][] = [
    [
      "the program of the run",
      () =>
        (...call) =>
          on.call(...call),
    ],
    [
      "a client over a Unix socket",
      () =>
        (...call) =>
          (clients[0] as RemoteCoordinator).call(...call),
    ],
    [
      "a client over TCP",
      () =>
        (...call) =>
          (clients[1] as RemoteCoordinator).call(...call),
    ],
  ];

  // It would walk for a minute.
  const stands = () => expect.poll(() => on.call("Walker", "atWork", [])).toBe(0);

  it.each(callers)("the deadline of %s ends a walk that reports progress", async (_, caller) => {
    const options = { timeoutMs: 400, onProgress: () => {} };
    await expect(caller()("Walker", "march", [{}], options)).rejects.toMatchObject({
      code: "CALL_TIMEOUT",
      message: "Walker.march did not answer within 400 ms",
    });
    await stands();
  });

  it.each(callers)("the deadline of %s ends what the skill that it called has called", async (_, caller) => {
    const walk = caller()("Leader", "march", [{}], { timeoutMs: 400 });
    await expect(walk).rejects.toMatchObject({ code: "CALL_TIMEOUT" });
    await stands();
  });

  it.each(callers)("without one, progress renews the skill's own for %s", async (_, caller) => {
    const walk = caller()("Walker", "march", [{ seconds: 0.8 }], { idleTimeoutMs: 500 });
    expect(await walk).toBe("there");
  });

  it.each([
    ["through a reference", "Leader", "briefly"],
    ["by a module's name", "Leader", "byName"],
    ["of a skill of its own", "Walker", "briefly"],
  ])("the deadline of a module that calls %s ends the walk", async (_, instance, method) => {
    await expect(on.call(instance, method, [])).rejects.toMatchObject({
      code: "CALL_TIMEOUT",
      message: "Walker.march did not answer within 400 ms",
    });
    await stands();
  });
});

import { expect, it } from "vitest";
import { Provider } from "../../test/refs.ts";
import { run } from "../../test/run.ts";
import { Counter } from "../../test/streams.ts";
import { StressTest } from "../../test/stress-test.ts";
import type { Blueprint } from "../blueprint/blueprint.ts";
import { RemoteCoordinator } from "../control/remote-coordinator.ts";
import { readRunLog } from "../log/read-run-log.ts";

it.each(["local", "connected"])(
  "says which settings of a later load cannot count any more, and refuses unknown ones, %s",
  async (mode) => {
    const first = StressTest.blueprint().globalConfig({ strict: true, nWorkers: 3 });
    await using system = await run(first, { nWorkers: 0, listen: "ws://127.0.0.1:0", token: "0123456789abcdef" });
    await using client = await RemoteCoordinator.connect(system.endpoint);
    const load = (blueprint: Blueprint) => (mode === "local" ? system : client).loadBlueprint(blueprint);
    await expect(load(Counter.blueprint().globalConfig({ nWorker: 4 }))).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringMatching(/^There is no setting "nWorker"\. Did you mean "nWorkers"\? Settings: nWorkers, /),
    });
    expect(system.listModules()).toHaveLength(1);
    await load(
      Counter.blueprint().globalConfig({ strict: true, nWorkers: 4, mcpPort: 9991, token: "fedcba9876543210" }),
    );
    await load(Provider.blueprint().globalConfig({ strict: true, nWorkers: 0 }));
    expect([...readRunLog(system.logDirectory, { level: "warn" })].map(({ text }) => text)).toEqual([
      'The blueprint sets nWorkers: 4 (it stays 0), mcpPort: 9991 (it stays none), token: "***" (it stays "***"). These count from the start of a run, and this one has started: give them where it is made',
    ]);
  },
);

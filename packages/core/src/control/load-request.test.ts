import { expect, it } from "vitest";
import { Configured } from "../../test/failing.ts";
import { run } from "../../test/run.ts";
import { StressTest } from "../../test/stress-test.ts";
import type { RequiredModule } from "../blueprint/requirement.ts";
import { RemoteCoordinator } from "./remote-coordinator.ts";

it("checks what a blueprint requires before a client sends it to the run, with the settings of its modules (C5, A15)", async () => {
  await using system = await run(StressTest.blueprint(), { nWorkers: 1 });
  await using client = await RemoteCoordinator.connect(system.endpoint);
  const seen: (readonly RequiredModule[])[] = [];
  let isThere = false;
  const arm = Configured.blueprint({ name: "left" }).requirements(
    ({ modules }) => void seen.push(modules),
    () => (isThere ? undefined : "needs an arm"),
    async () => (isThere ? undefined : "needs a gripper"),
  );
  await expect(client.loadBlueprint(arm, { config: { name: "right" } })).rejects.toMatchObject({
    code: "INVALID_BLUEPRINT",
    message: "Requirements are not met:\n- needs an arm\n- needs a gripper",
  });
  expect(seen).toEqual([[{ instance: "Configured", className: "Configured", config: { speed: 0.5, name: "right" } }]]);
  expect(system.listModules().map(({ instance }) => instance)).toEqual(["StressTest"]);
  isThere = true;
  expect(await client.loadBlueprint(arm)).toEqual(["Configured"]);
});

import { afterEach, describe, expect, it } from "vitest";
import { Planner, Wheels } from "../../test/latched-commands.ts";
import { run } from "../../test/run.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "../coordinator/coordinator.ts";

let system: ModuleCoordinator | undefined;

afterEach(async () => {
  await system?.stop();
  system = undefined;
});

const robot = autoconnect(Planner.blueprint(), Wheels.blueprint());
const send = (on: ModuleCoordinator, x: number) => on.call("Planner", "send", [x]);
const state = (on: ModuleCoordinator) => on.call("Wheels", "state", []) as Promise<{ driven: number[] }>;

/** Everything the wheels were told since they started: a message that is replayed comes before this one. */
async function drivenBefore(on: ModuleCoordinator, x: number): Promise<number[]> {
  await send(on, x);
  await expect.poll(async () => (await state(on)).driven.at(-1)).toBe(x);
  return (await state(on)).driven.slice(0, -1);
}

describe.each([0, 2])("A latched command, with %i workers,", (nWorkers) => {
  it("of before an emergency stop never reaches the actuator after the reset (I5)", async () => {
    const on = await run(robot, { nWorkers });
    system = on;
    expect(await drivenBefore(on, 1)).toEqual([]);
    await on.estop();
    expect(await state(on)).toEqual({ driven: [1], late: [], latest: undefined });
    await send(on, 2);
    await on.resetEstop();
    await on.call("Wheels", "listen", []);
    expect(await state(on)).toEqual({ driven: [1], late: [], latest: undefined });
    expect(await drivenBefore(on, 3)).toEqual([1]);
    expect(await state(on)).toEqual({ driven: [1, 3], late: [3], latest: 3 });
  });

  it("does not reach an actuator that is restarted, while it is stopped or after the reset (I5)", async () => {
    const on = await run(robot, { nWorkers });
    system = on;
    await send(on, 1);
    await on.publish("goal", { x: 2 });
    await on.estop();
    await on.restartModule("Wheels", { reloadSource: false });
    await on.resetEstop();
    expect(await state(on)).toEqual({ driven: [], late: [], latest: undefined });
    expect(await drivenBefore(on, 3)).toEqual([]);
    await on.restartModule("Wheels", { reloadSource: false });
    expect(await drivenBefore(on, 4)).toEqual([]);
  });
});

it("A latched command does not move an actuator whose process has ended and was started again (I5, E2)", async () => {
  const on = await run(robot, { nWorkers: 1 });
  system = on;
  expect(await drivenBefore(on, 1)).toEqual([]);
  const restarted = new Promise((resolve) => on.on("moduleRestarted", resolve));
  on.call("Wheels", "exit", []).catch(() => {});
  await restarted;
  expect(await drivenBefore(on, 2)).toEqual([]);
});

import { afterEach, expect, it } from "vitest";
import { Driver, Gate, Onlooker, Wheels } from "../../test/drive-path.ts";
import { pids, run } from "../../test/run.ts";
import { Charter, Scanner, Steerer } from "../../test/source-path.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "./coordinator.ts";

let system: ModuleCoordinator | undefined;

afterEach(async () => {
  await system?.stop();
  system = undefined;
});

const robot = autoconnect(Driver.blueprint(), Gate.blueprint(), Wheels.blueprint(), Onlooker.blueprint());
const sailor = autoconnect(Scanner.blueprint(), Charter.blueprint(), Steerer.blueprint());

it("tells who drives an actuator of each loss on the way, and of nothing that is not on it", async () => {
  // Both robots hear the same noise: that leads from one to the other, but not to its wheels.
  const fleet = autoconnect(...["a", "b"].map((name) => robot.namespace(name, { expose: ["noise"] })));
  const on = await run(fleet, { nWorkers: 0 });
  system = on;
  for (const instance of ["a/Gate", "a/Onlooker", "a/Wheels", "b/Gate", "b/Wheels"])
    await on.restartModule(instance, { reloadSource: false });
  await on.unloadModule("a/Gate");
  // Nothing leads there any more.
  await on.unloadModule("a/Wheels");
  expect(await on.call("a/Driver", "lost", [])).toEqual([
    "a/Gate: it was restarted",
    "a/Wheels: it was restarted",
    "a/Gate: it was unloaded",
  ]);
  expect(await on.call("b/Driver", "lost", [])).toEqual(["b/Gate: it was restarted", "b/Wheels: it was restarted"]);
});

it("tells of a crash, whichever worker it was on, before the new instance is there", async () => {
  const on = await run(robot, { nWorkers: 3 });
  system = on;
  for (const instance of ["Gate", "Wheels"]) {
    const restarted = new Promise((resolve) => on.on("moduleRestarted", resolve));
    process.kill(pids(on)[instance] as number, "SIGKILL");
    await restarted;
  }
  expect(await on.call("Driver", "lost", [])).toEqual([
    "Gate: its worker was ended by SIGKILL",
    // Or so, and what its own guard ends it for, on a machine that is held up.
    expect.stringMatching(/^Wheels: its worker was ended by SIGKILL/),
  ]);
  const [heardMs, startedMs] = await Promise.all([
    on.call("Driver", "heardMs", []),
    on.call("Wheels", "startedMs", []),
  ]);
  expect(heardMs).toBeLessThan(startedMs as number);
});

it.skipIf(process.platform !== "linux")(
  "tells of a worker that is stopped, before it goes on: nothing sets off again with it",
  async () => {
    const on = await run(robot, { nWorkers: 4 });
    system = on;
    const gate = pids(on).Gate as number;
    process.kill(gate, "SIGSTOP");
    try {
      await expect.poll(() => on.call("Driver", "lost", [])).toEqual(["Gate: its process was stopped"]);
    } finally {
      process.kill(gate, "SIGCONT");
    }
    // A module that is stopped itself hears it when it goes on.
    const driver = pids(on).Driver as number;
    const { worker } = on.listModules().find(({ instance }) => instance === "Driver") as { readonly worker: string };
    const silent = async () => (await on.health()).workers.find(({ name }) => name === worker)?.state;
    process.kill(driver, "SIGSTOP");
    try {
      await expect.poll(silent).toBe("unresponsive");
    } finally {
      process.kill(driver, "SIGCONT");
    }
    await expect
      .poll(() => on.call("Driver", "lost", []))
      .toEqual(["Gate: its process was stopped", "Driver: its process was stopped"]);
  },
);

it("tells who steers by what a module publishes of each loss of that module, and of none of another", async () => {
  // Both take each other's notes.
  const fleet = autoconnect(...["a", "b"].map((name) => sailor.namespace(name, { expose: ["notes"] })));
  const on = await run(fleet, { nWorkers: 0 });
  system = on;
  for (const instance of ["a/Scanner", "a/Charter", "b/Steerer"])
    await on.restartModule(instance, { reloadSource: false });
  await on.unloadModule("a/Charter");
  expect(await on.call("a/Steerer", "lost", [])).toEqual([
    "a/Charter, of chart: it was restarted",
    "a/Charter, of notes: it was restarted",
    "b/Steerer, of notes: it was restarted",
    "a/Charter, of chart: it was unloaded",
    "a/Charter, of notes: it was unloaded",
  ]);
  // As another instance, which has only heard of what was lost since.
  expect(await on.call("b/Steerer", "lost", [])).toEqual(["a/Charter, of notes: it was unloaded"]);
});

it("tells of a crash of what somebody steers by, before the new instance is there to go on", async () => {
  const on = await run(sailor, { nWorkers: 3 });
  system = on;
  const restarted = new Promise((resolve) => on.on("moduleRestarted", resolve));
  process.kill(pids(on).Charter as number, "SIGKILL");
  await restarted;
  const how = "its worker was ended by SIGKILL";
  expect(await on.call("Steerer", "lost", [])).toEqual([`Charter, of chart: ${how}`, `Charter, of notes: ${how}`]);
  const [heardMs, startedMs] = await Promise.all([
    on.call("Steerer", "heardMs", []),
    on.call("Charter", "startedMs", []),
  ]);
  expect(heardMs).toBeLessThan(startedMs as number);
});

it.skipIf(process.platform !== "linux")(
  "tells of a source that is stopped, while it is: who steers by it does not set off again with it",
  async () => {
    const on = await run(sailor, { nWorkers: 3 });
    system = on;
    const charter = pids(on).Charter as number;
    process.kill(charter, "SIGSTOP");
    try {
      await expect
        .poll(() => on.call("Steerer", "lost", []))
        .toEqual(["chart", "notes"].map((input) => `Charter, of ${input}: its process was stopped`));
    } finally {
      process.kill(charter, "SIGCONT");
    }
  },
);

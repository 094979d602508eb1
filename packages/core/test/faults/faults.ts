import { setTimeout as sleep } from "node:timers/promises";
import { autoconnect } from "../../src/index.ts";
import { DiesInStart, ThrowsInConstructor, ThrowsInStart } from "../failing.ts";
import { StressTest } from "../stress-test.ts";
import { editedText, type FaultSystem } from "./fault-system.ts";
import type { Seeded } from "./seeded.ts";

type Fault = (target: FaultSystem, random: Seeded) => Promise<void>;

/** Everything that can happen to a run, by name. Each returns when it is done; what follows of it is the system's task. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  kill: async (target, random) => kill(target.pidOf(random.pick(target.instances)), "SIGKILL"),

  killTwo: async (target, random) => {
    const first = random.pick(target.instances);
    const second = random.pick(target.instances.filter((instance) => target.pidOf(instance) !== target.pidOf(first)));
    for (const pid of [target.pidOf(first), target.pidOf(second)]) kill(pid, "SIGKILL");
  },

  pause: async (target, random) => {
    const pid = target.pidOf(random.pick(target.instances));
    kill(pid, "SIGSTOP");
    await sleep(random.between(50, 800));
    kill(pid, "SIGCONT");
  },

  pauseThenKill: async (target, random) => {
    const pid = target.pidOf(random.pick(target.instances));
    kill(pid, "SIGSTOP");
    await sleep(random.between(10, 300));
    kill(pid, "SIGKILL");
  },

  throwInHandler: async ({ system }, random) => {
    await system.call(random.pick(["Watcher", "LatestWatcher"]), "throwInHandler", []);
  },

  throwUnhandled: async ({ system, instances }, random) => {
    await system.call(random.pick(instances), "throwUnhandled", []).catch(() => {});
  },

  exit: async ({ system, instances }, random) => {
    const instance = random.pick(instances.filter((name) => name !== "Plain" && name !== "Edited"));
    const isDown = restarted(system, instance);
    await system.call(instance, "exit", [0]).catch(() => {});
    await isDown;
    // Neighbours under the default policy take a clean exit as meant: they are started again by hand.
    await restartFailed(system);
  },

  exitForGood: async ({ system }) => {
    const failed = new Promise<void>((resolve) => {
      const off = system.on("moduleFailed", ({ instance }) => {
        if (instance !== "Plain") return;
        off();
        resolve();
      });
    });
    await system.call("Plain", "exit", [0]).catch(() => {});
    await failed;
    await system.call("Plain", "once", ["down"]).then(
      () => Promise.reject(new Error("a failed module answered")),
      () => undefined,
    );
    await restartFailed(system);
  },

  fillMemory: async ({ system, instances }, random) => {
    const instance = random.pick(instances);
    const again = restarted(system, instance);
    await system.call(instance, "fillMemory", []).catch(() => {});
    await again;
  },

  goodEdit: async (target) => {
    target.version++;
    target.edit(editedText(target.version));
    await target.system.restartModule("Edited");
  },

  badEdit: async (target, random) => {
    target.edit(
      random.pick([
        "export class Edited extends {{",
        "export class Other {}",
        editedText(0, 'broken = (() => { throw new Error("no arm"); })();'),
        editedText(0, 'async start() { throw new Error("no power"); }'),
        editedText(0, "async start() { process.kill(process.pid, 'SIGKILL'); }"),
      ]),
    );
    await refused(target.system.restartModule("Edited"), "RESTART_FAILED");
    target.edit(editedText(target.version));
  },

  restart: async ({ system, instances }, random) => {
    const instance = random.pick(instances);
    await system.restartModule(instance, { reloadSource: random.next() < 0.5 });
  },

  killDuringRestart: async (target, random) => {
    const instance = random.pick(target.instances);
    const pid = target.pidOf(random.pick([instance, random.pick(target.instances)]));
    const restart = target.system.restartModule(instance, { reloadSource: random.next() < 0.7 }).catch(() => {});
    await sleep(random.between(0, 250));
    kill(pid, "SIGKILL");
    await restart;
    await restartFailed(target.system);
  },

  killDuringLoad: async (target, random) => {
    const { system } = target;
    const pid = target.pidOf(random.pick(target.instances));
    const load = system.loadBlueprint(StressTest.blueprint()).catch(() => []);
    await sleep(random.between(0, 250));
    kill(pid, "SIGKILL");
    if ((await load).length > 0) await system.unloadModule("StressTest");
  },

  unloadAndLoad: async ({ system, blueprints }, random) => {
    const instance = random.pick(["Ticker", "Watcher", "LatestWatcher", "Plain", "Alone"]);
    await system.unloadModule(instance);
    await refused(system.call(instance, "once", ["gone"]), "NO_SUCH_MODULE");
    await system.loadBlueprint(blueprints[instance] as never);
  },

  failingLoad: async ({ system }, random) => {
    const Broken = random.pick([ThrowsInConstructor, ThrowsInStart, DiesInStart]);
    await refused(system.loadBlueprint(autoconnect(StressTest.blueprint(), Broken.blueprint())), "LOAD_FAILED");
  },
};

/** It may have ended meanwhile. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function restarted(system: FaultSystem["system"], wanted: string): Promise<void> {
  return new Promise((resolve) => {
    const off = system.on("moduleRestarted", ({ instance }) => {
      if (instance !== wanted) return;
      off();
      resolve();
    });
  });
}

async function restartFailed(system: FaultSystem["system"]): Promise<void> {
  for (const { instance, state } of system.listModules()) if (state === "failed") await system.restartModule(instance);
}

async function refused(work: Promise<unknown>, code: string): Promise<void> {
  const error = await work.then(
    () => new Error(`was not refused with ${code}`),
    (reason: unknown) => reason,
  );
  if ((error as { code?: unknown }).code !== code) throw error;
}

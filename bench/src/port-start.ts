import { autoconnect, type ModuleClass, ModuleCoordinator } from "@dimos/core";
import { timed } from "./compare.ts";
import type { BenchContext } from "./context.ts";
import { FewPorts, ManyPorts, Readings } from "./port-modules.ts";
import type { Table } from "./report.ts";
import { timedTable } from "./timed-table.ts";

/** How often in a round: one start is a few milliseconds. */
const STARTS = 10;

/** What fifty ports cost a module that starts on a worker that is there. */
export async function startOfPorts(context: BenchContext): Promise<Table> {
  const blueprint = autoconnect(Readings.blueprint(), FewPorts.blueprint().namespace("stays"));
  await using system = await ModuleCoordinator.build(blueprint, {
    globals: { nWorkers: 1, consoleLevel: "silent", logLevel: "error" },
  });
  const starts = Math.ceil(STARTS * context.share);
  const contender = (name: string, module: ModuleClass) =>
    timed(name, async () => {
      for (let index = 0; index < starts; index++) {
        await system.loadBlueprint(module.blueprint());
        await system.call(module.name, "ping", []);
        await system.unloadModule(module.name);
      }
    });
  return await timedTable(
    "Start of a module with many ports",
    [contender("5 ports", FewPorts), contender("50 ports", ManyPorts)],
    context,
    `Loaded on a worker that is there, called, and unloaded, ${starts} times; every port is handled, and wired to a publisher in another worker.`,
  );
}

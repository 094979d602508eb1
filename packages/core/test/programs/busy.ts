import { autoconnect, ModuleCoordinator } from "../../src/index.ts";
import { Busy } from "../crashing.ts";
import { StressTest } from "../stress-test.ts";

// Runs until it is killed: one module idle, one in an endless loop.
const system = await ModuleCoordinator.build(autoconnect(StressTest.blueprint(), Busy.blueprint()));
await system.call("StressTest", "ping", [{}]);
system.call("Busy", "spin", []).catch(() => {});
console.log(JSON.stringify(system.listModules().map(({ pid }) => pid)));
setInterval(() => {}, 1000);

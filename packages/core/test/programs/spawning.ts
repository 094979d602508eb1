import { autoconnect, ModuleCoordinator } from "../../src/index.ts";
import { Spawner } from "../spawning.ts";
import { StressTest } from "../stress-test.ts";

// Runs until it is killed: one module has child processes, the other answers whoever asks.
const system = await ModuleCoordinator.build(autoconnect(Spawner.blueprint(), StressTest.blueprint()));
const children = await system.call("Spawner", "pids", []);
process.on("message", async () => process.send?.(await system.call("StressTest", "ping", [{}])));
process.send?.({ workers: system.listModules().map(({ pid }) => pid), children });

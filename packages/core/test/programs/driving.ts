import { autoconnect, ModuleCoordinator } from "../../src/index.ts";
import { Driver, Motor, Walker } from "../moving.ts";

// Runs until it is killed, and blocks its event loop for as many milliseconds of processor time as it is told to.
const system = await ModuleCoordinator.build(autoconnect(Motor.blueprint(), Driver.blueprint(), Walker.blueprint()), {
  globals: { consoleLevel: "silent" },
});
process.on("message", (blockMs: number) => {
  const ranMs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const endMs = ranMs() + blockMs;
  while (ranMs() < endMs);
});
process.send?.(system.endpoint);

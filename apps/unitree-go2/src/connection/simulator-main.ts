import { enableCompileCache } from "node:module";
import { buffer } from "node:stream/consumers";
import { deserialize } from "node:v8";
import type { Go2LinkServices } from "./go2-link.ts";
import type { SimulatorTask } from "./simulator-messages.ts";

// The process of one simulated robot: `node simulator-main.js SOCKET`, with its task on standard input. It ends when
// nobody wants the robot any more, and with its run at the latest: it carries the run's id in its environment. It starts
// while the robot's own module waits for it, so what it imports is little: no message types, no schemas.
enableCompileCache();

const path = process.argv[2] as string;
const [task, { World }, { SimulatedGo2 }, { SimulatorServer }] = await Promise.all([
  buffer(process.stdin),
  import("../world/world.ts"),
  import("./simulated-go2.ts"),
  import("./simulator-server.ts"),
]);
const { settings, plan } = deserialize(task) as SimulatorTask;

/** Never goes back, whatever is done to the clock of the machine. */
const clock: Go2LinkServices["clock"] = {
  now: () => performance.timeOrigin + performance.now(),
  interval: (periodMs, tick) => {
    const timer = setInterval(tick, periodMs);
    return () => clearInterval(timer);
  },
};
const { start, ...options } = settings;
const robot = new SimulatedGo2({ ...options, start: start ?? undefined, world: new World(plan) });
// Ctrl-C is for the run.
process.on("SIGINT", () => {});
const server = new SimulatorServer(robot, settings, () => process.exit(0));
await server.listen(path, clock, new AbortController().signal);

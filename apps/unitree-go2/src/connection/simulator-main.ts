import { enableCompileCache } from "node:module";
import { buffer } from "node:stream/consumers";
import { deserialize } from "node:v8";
import { clockOfRun } from "@dimos/core/clock";
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

const { start, ...options } = settings;
const robot = new SimulatedGo2({ ...options, start: start ?? undefined, world: new World(plan) });
// Ctrl-C is for the run.
process.on("SIGINT", () => {});
const server = new SimulatorServer(robot, settings, () => process.exit(0));
await server.listen(path, clockOfRun(), new AbortController().signal);

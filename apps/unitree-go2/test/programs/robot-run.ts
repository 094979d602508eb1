import { Dimos } from "@dimos/porcelain";
import { navigatingRobot } from "../navigating-robot.ts";

// A robot in a run of its own, one module a worker, until standard input ends. Says the run's id when it is up.
const app = new Dimos({ consoleLevel: "silent", nWorkers: 6 });
await app.run(navigatingRobot);
console.log(app.runId);
for await (const _ of process.stdin);
await app.stop();

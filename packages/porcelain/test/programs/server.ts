import { Dimos } from "@dimos/porcelain";
import { StressTest } from "../stress-test.ts";

// A program that runs a system until its standard input ends. Attachable like any other.
const app = new Dimos({ consoleLevel: "silent", nWorkers: 1 });
await app.run(StressTest, { name: process.argv[2] ?? "server" });
process.stdout.write(`ready ${app.runId}\n`);
process.stdin.on("end", () => void app.stop()).resume();

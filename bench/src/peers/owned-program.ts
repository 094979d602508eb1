import { spawn } from "node:child_process";

// Runs a program for as long as the bench lives, however that ends: a server of its own would outlive it. What the
// program says on standard error goes to ours.
const [program, ...args] = process.argv.slice(2) as [string, ...string[]];
const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
child.on("exit", () => process.exit());
process.on("disconnect", () => child.kill());
process.on("SIGTERM", () => child.kill());

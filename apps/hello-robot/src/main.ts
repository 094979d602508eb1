import { autoconnect } from "@dimos/core";
import { Dimos } from "@dimos/porcelain";
import { Monitor, Robot } from "./robot.ts";

await using app = new Dimos();
await app.run(autoconnect(Robot.blueprint(), Monitor.blueprint()));

console.log(await app.skills.greet({ name: "Ada" })); // greets in one process
console.log("battery", await app.getModule(Monitor).level()); // reads in another what the stream brought

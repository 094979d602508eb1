import { Dimos } from "@dimos/porcelain";
import { Greeter } from "./bot.ts";

const app = new Dimos({ consoleLevel: "silent" });
await app.run(Greeter);
console.log(await app.getModule(Greeter).greet({ name: "Ada" }));
await app.stop();

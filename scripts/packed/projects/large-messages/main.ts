import { Dimos } from "@dimos/porcelain";
import { Sink, Source } from "./modules.ts";

const app = new Dimos({ consoleLevel: "silent" });
await app.run([Source, Sink]);
console.log(await app.getModule(Sink).sum());
await app.stop();

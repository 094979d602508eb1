import { Module, rpc } from "@dimos/core";
import { Dimos } from "@dimos/porcelain";

export class InThisFile extends Module({ source: import.meta.url }) {
  pid = rpc(async () => process.pid);
}

await using app = new Dimos();
await app.run(InThisFile);
console.log((await app.InThisFile.pid()) === process.pid);
await app.restart(InThisFile).catch((error: Error) => console.log(error.message));

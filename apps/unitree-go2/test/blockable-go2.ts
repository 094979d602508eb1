import { Module, rpc } from "@dimos/core";
import { Go2Connection } from "../src/index.ts";

/** The connection, with a bug that can be called. */
export class BlockableGo2 extends Module({ source: import.meta.url, name: "Go2Connection" }, Go2Connection) {
  block = rpc(async () => {
    for (;;);
  });
}

import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Module, rpc } from "../src/index.ts";

const PROGRAM = fileURLToPath(new URL("./programs/run-clock.ts", import.meta.url));

/** Says what its clock counts from: the least of many looks, as it may be held up between two readings. */
export class Timekeeper extends Module({ source: import.meta.url }) {
  base = rpc(async (): Promise<number> => {
    const looks = Array.from({ length: 100 }, () => this.clock.now() - Number(process.hrtime.bigint()) / 1e6);
    return Math.max(...looks);
  });
}

/** Also for a program that it starts with an environment of its own. */
export class Twin extends Module({ source: import.meta.url }, Timekeeper) {
  baseOfChild = rpc(async (): Promise<number> => {
    const child = this.spawn(process.execPath, [...process.execArgv, PROGRAM], {
      env: { PATH: process.env.PATH },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [text] = await once(child.stdout as NonNullable<typeof child.stdout>, "data");
    return Number(text);
  });
}

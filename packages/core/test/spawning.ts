import { once } from "node:events";
import { Module, rpc } from "../src/index.ts";

/** Starts a shell, which starts one process in its group and one in a session of its own. */
export class Spawner extends Module({ source: import.meta.url }) {
  pids = rpc(async (): Promise<number[]> => {
    const script = "sleep 300 & echo $!; setsid sleep 300 & echo $!; wait";
    const child = this.spawn("/bin/sh", ["-c", script], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    while (text.split("\n").length < 3) {
      const [chunk] = await once(child.stdout as NonNullable<typeof child.stdout>, "data");
      text += String(chunk);
    }
    return [child.pid as number, ...text.trim().split("\n").map(Number)];
  });

  spin = rpc(async () => {
    for (;;);
  });
}

/** Says on its standard output that it was asked to end. */
export class Asking extends Module({ source: import.meta.url }) {
  #output = "";

  begin = rpc(async () => {
    const script = "trap 'echo asked > \"$0\"; exit 0' TERM; echo ready; while :; do sleep 0.02; done";
    const child = this.spawn("/bin/sh", ["-c", script, this.#output], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout as NonNullable<typeof child.stdout>, "data");
    return child.pid as number;
  });

  writeTo = rpc(async (file: string) => {
    this.#output = file;
  });

  startNothing = rpc(async () => {
    const [error] = await once(this.spawn("/no/such/program"), "error");
    return (error as Error).message;
  });
}

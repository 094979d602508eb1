import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Collector } from "./collector.ts";
import { ask, type Command } from "./commands.ts";
import { ipcPublisher } from "./links/ipc.ts";
import type { LinkPublisher } from "./links/link.ts";
import { LINKS, type LinkName } from "./links/links.ts";
import { messageMaker, type Stamped } from "./payload.ts";
import { flood, pace } from "./send.ts";

const POLL_MS = 2;

// One end of a link in a process of its own. The subscriber of the `ipc` link is a child of its publisher, and gets
// commands and messages over one channel.
const [role, name, address] = process.argv.slice(2) as ["publisher" | "subscriber", LinkName | "ipc", string];
if (role === "publisher")
  await (name === "ipc" ? publishToChild() : publish(await (await LINKS[name]()).publisher(address)));
else await subscribe();
// Nobody asks any more: the bench has ended, or was killed.
process.on("disconnect", () => process.exit());
process.send?.("ready");

async function subscribe(): Promise<void> {
  const collector = new Collector();
  process.on("message", (message: Command | Stamped) => {
    if (!("do" in message)) collector.take(message);
    else if (message.do === "begin") answer(collector.begin());
    else if (message.do === "finish") void collector.finish(message.count).then(answer);
  });
  if (name !== "ipc") await (await LINKS[name]()).subscriber(address, (message) => collector.take(message));
}

async function publishToChild(): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ["subscriber", "ipc"], { serialization: "advanced" });
  await ask(child);
  publish(ipcPublisher(child), (command) => void ask(child, command).then(answer));
}

function publish(link: LinkPublisher, forward?: (command: Command) => void): void {
  process.on("message", async (command: Command) => {
    if (command.do === "flood") {
      answer(await flood(link.publish(command.payload), messageMaker(command.payload), command.durationMs));
    } else if (command.do === "pace") {
      const { payload, count, intervalMs } = command;
      answer(await pace(link.publish(payload), messageMaker(payload), count, intervalMs));
    } else if (command.do === "subscribers") {
      while (link.subscribers < command.count) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      answer("there");
    } else forward?.(command);
  });
}

function answer(value: unknown): void {
  process.send?.(value ?? "done");
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Collected } from "./collector.ts";
import { ask } from "./commands.ts";
import type { LinkName } from "./links/links.ts";
import type { Pair } from "./pair.ts";

const PROCESS = fileURLToPath(new URL("./peer-process.ts", import.meta.url));

/** A publisher and so many subscribers of a peer, each in a process of its own. */
export async function startPeerPair(name: LinkName | "ipc", address: string, subscriberCount = 1): Promise<Pair> {
  const publisher = await startEnd("publisher", name, address);
  const subscribers: ChildProcess[] = [];
  // The subscriber of `ipc` belongs to its publisher, which speaks for it.
  for (let index = 0; name !== "ipc" && index < subscriberCount; index++)
    subscribers.push(await startEnd("subscriber", name, address));
  await ask(publisher, { do: "subscribers", count: subscriberCount });
  const receiving = name === "ipc" ? [publisher] : subscribers;
  return {
    begin: async () => void (await Promise.all(receiving.map((child) => ask(child, { do: "begin" })))),
    flood: (payload, durationMs) => ask(publisher, { do: "flood", payload, durationMs }),
    pace: (payload, count, intervalMs) => ask(publisher, { do: "pace", payload, count, intervalMs }),
    finish: (count) => Promise.all(receiving.map((child) => ask<Collected>(child, { do: "finish", count }))),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...subscribers, publisher].map(endProcess));
    },
  };
}

async function startEnd(role: string, name: string, address: string): Promise<ChildProcess> {
  const child = fork(PROCESS, [role, name, address]);
  await ask(child);
  return child;
}

/** Its end of the channel goes with it; a child of its own ends by that. */
async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, "exit");
}

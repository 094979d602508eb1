import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Qos } from "../../src/index.ts";
import { Edge } from "../../src/stream/edge.ts";
import { StreamHub } from "../../src/stream/hub.ts";

// One process of two streams that go through shared memory: their publisher, or a subscriber of one of them. It says
// what it has seen, and does as it is asked: "again" subscribes anew, "forget" forgets how long it was held up.
const [role = "publish", path = ""] = process.argv.slice(2);

/** What its parent hears. */
export interface SharingReport {
  /** Messages that were published, or that have arrived. */
  readonly count: number;
  /** The longest that its event loop was held up, in processor time of its own. Milliseconds. */
  readonly heldUpMs: number;
  readonly logged: readonly string[];
}

const logged = new Set<string>();
const note = (line: string) => void logged.add(line);
const log = { debug: note, info: note, warn: note, error: note, child: () => log };
const STREAMS: Readonly<Record<string, Qos>> = { all: { keep: "all" }, latest: { keep: "latest" } };
const SIZES = [100_000, 1000, 40_000, 300, 200_000];
const hub = new StreamHub(log);
let count = 0;

if (role === "publish") {
  await hub.listen(join(path, "data"));
  for (const name of Object.keys(STREAMS)) void publish(name);
} else await subscribe(role, STREAMS[role] as Qos);

let beatMs = performance.now();
let beatRanMs = ranMs();
let heldUpMs = 0;
setInterval(() => {
  const nowMs = performance.now();
  const nowRanMs = ranMs();
  // A busy machine holds up everything: that is not time in which this thread ran.
  heldUpMs = Math.max(heldUpMs, Math.min(nowMs - beatMs, nowRanMs - beatRanMs));
  beatMs = nowMs;
  beatRanMs = nowRanMs;
}, 5);
setInterval(() => process.send?.({ count, heldUpMs, logged: [...logged] } satisfies SharingReport), 50);
process.on("message", (asked) => {
  if (asked === "forget") heldUpMs = 0;
});
process.on("disconnect", () => process.exit());

function ranMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function publish(name: string): Promise<void> {
  const topic = hub.topic(`/${name}`, "Any", false);
  for (let n = 0; ; n++) {
    const data = new Uint8Array(SIZES[n % SIZES.length] as number).fill(n);
    await topic.publish({ n, name: `a text that is longer than what is read by hand, number ${n}`, data });
    count++;
    await (n % 8 === 0 ? sleep(1) : new Promise(setImmediate));
  }
}

/** Copies and loans, over one subscription. */
async function subscribe(name: string, qos: Qos): Promise<void> {
  const topic = hub.topic(`/${name}`, "Any", false);
  const take = () => {
    count++;
    return count % 50 === 0 ? sleep(1) : undefined;
  };
  for (const loan of [false, true])
    topic.addPort(
      new Edge(take, { ...qos, loan }, (error) => note(String((error as { code?: unknown }).code ?? error))),
    );
  const receive = () => hub.receive(topic, [join(path, "data")], qos);
  await receive();
  process.on("message", (asked) => {
    if (asked !== "again") return;
    hub.forget(topic);
    void receive();
  });
}

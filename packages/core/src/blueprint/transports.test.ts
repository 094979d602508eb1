import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pids, run } from "../../test/run.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { planLoad } from "../coordinator/plan.ts";
import { wiringOf } from "../coordinator/wiring.ts";
import { BlueprintError } from "../errors.ts";
import type { Transport } from "../transport.ts";
import { autoconnect } from "./autoconnect.ts";
import type { Blueprint } from "./blueprint.ts";
import { graphOf } from "./graph.ts";
import { renderGraph } from "./render-graph.ts";

const plain = autoconnect(Counter.blueprint(), Listener.blueprint());

/** What the ports of an instance are told, each module on a worker of its own or all on one. */
async function wired(blueprint: Blueprint, instance: string, transport: Transport = "auto", isApart = true) {
  const { entries } = await planLoad(blueprint);
  const placed = entries.map((plan) => ({ plan, worker: isApart ? plan.instance : "w1" }));
  const module = placed.find(({ plan }) => plan.instance === instance) as (typeof placed)[number];
  const ports = wiringOf(module, placed, { dataSockets: new Map(), outside: new Map(), transport });
  return Object.fromEntries(ports.map((port) => [port.port, port.transport]));
}

describe("A pinned transport", () => {
  it("counts at both ends of its stream, in namespaces and under another name as well (C1)", async () => {
    const pinned = plain
      .transports({ cloud: "socket" })
      .remappings([
        [Counter, "cloud", "points"],
        [Listener, "cloud", "points"],
      ])
      .namespace("robot0");
    for (const instance of ["robot0/Counter", "robot0/Listener"])
      expect(await wired(pinned, instance)).toEqual({ count: "auto", cloud: "socket", map: "auto" });
    expect(await wired(plain, "Counter", "socket")).toEqual({ count: "socket", cloud: "socket", map: "socket" });
  });

  it("is one of the whole stream, whichever end says so, and wants nothing where all is on one worker", async () => {
    const other = Listener.blueprint().transports({ cloud: "shared-memory" });
    const all = autoconnect(Counter.blueprint(), other);
    expect(await wired(all, "Counter")).toMatchObject({ cloud: "shared-memory", map: "auto" });
    expect(await wired(all, "Counter", "auto", false)).toMatchObject({ cloud: "auto" });
  });

  it("is drawn with its stream", () => {
    const text = renderGraph(graphOf(plain.transports({ map: "socket" })), "text");
    expect(text).toContain("/map [test/Map2d] by socket: Counter.map -> Listener.map");
    expect(text).toContain("/cloud [test/Cloud]: Counter.cloud");
  });

  it.each([
    [
      { clod: "socket" } as const,
      'There is no stream "clod" to pin a transport of. Did you mean "cloud"? Streams: cloud, count, map',
    ],
    [
      { cloud: "sockets" as Transport },
      'Stream "cloud" has no transport "sockets". Did you mean "socket"? Transports: auto, shared-memory, socket',
    ],
  ])("refuses %o", (pins, message) => {
    expect(() => plain.transports(pins)).toThrow(new BlueprintError(message));
  });

  it("is refused when the ends of a stream are pinned to different ones", async () => {
    const blueprint = autoconnect(
      Counter.blueprint().transports({ cloud: "socket" }),
      Listener.blueprint().transports({ cloud: "shared-memory" }),
    );
    await expect(planLoad(blueprint)).rejects.toThrow(
      'Stream "cloud" is pinned to several transports: "socket" (Counter.cloud) and "shared-memory" (Listener.cloud). Choose one for the whole: .transports({ "cloud": "socket" })',
    );
  });
});

describe.runIf(process.platform === "linux")("Large messages between workers", () => {
  it.each([
    ["share memory by default", plain, "auto", true],
    ["share memory where that is a must", plain.transports({ cloud: "shared-memory" }), "socket", true],
    ["share none with transport socket", plain, "socket", false],
    ["share none on a stream that is pinned to the socket", plain.transports({ cloud: "socket" }), "auto", false],
  ] as const)("%s", async (_, blueprint, transport, isShared) => {
    await using system = await run(blueprint, { transport });
    const points = new Float32Array(30_000).fill(7);
    const shares = () => readFileSync(`/proc/${pids(system).Counter}/maps`, "utf8").includes("/memfd:dimos:");
    for (let n = 0; n < 20 && !(isShared && shares()); n++) {
      let isHere = false;
      const arrived = system.call("Listener", "nextCloud", []).finally(() => {
        isHere = true;
      });
      // The first ones may come before it listens.
      while (!isHere) await system.call("Counter", "emitCloud", [points]);
      expect(await arrived).toMatchObject({ kind: "Float32Array", points });
    }
    expect(shares()).toBe(isShared);
  });
});

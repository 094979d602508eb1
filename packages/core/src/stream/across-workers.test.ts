import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FrameSink, FrameSource } from "../../test/flow.ts";
import { pids, run } from "../../test/run.ts";
import { Vandal } from "../../test/vandal.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "../index.ts";
import { WORD } from "./shared/mailbox-layout.ts";
import { loadPosix } from "./shared/posix.ts";

const MIB = 1024 * 1024;

function start(): Promise<ModuleCoordinator> {
  return run(autoconnect(FrameSource.blueprint(), FrameSink.blueprint()), { nWorkers: 2 });
}

async function seen(system: ModuleCoordinator) {
  return (await system.call("FrameSink", "seen", [])) as { count: number; last: number; torn: number; lent: number };
}

describe("Streams between worker processes", () => {
  it("bring 100,000 numbered messages complete and in order, with bounded memory (F4)", async () => {
    await using system = await start();
    const grownBytes = await system.call("FrameSource", "publishEvery", [100_000, 1_000], { timeoutMs: 60_000 });
    await expect.poll(() => seen(system)).toMatchObject({ count: 100_000, last: 100_000, isInOrder: true, torn: 0 });
    expect(grownBytes).toBeLessThan(80 * MIB);
    // The same for a subscription that keeps all of a port that does not, however the messages travel.
    await system.call("FrameSource", "publishQueued", [500, 10_000]);
    await expect.poll(() => seen(system)).toMatchObject({ count: 100_500, last: 100_500, isInOrder: true, torn: 0 });
    await system.call("FrameSource", "publishQueued", [200, MIB]);
    await expect.poll(() => seen(system)).toMatchObject({ count: 100_700, last: 100_700, isInOrder: true, torn: 0 });
  }, 90_000);

  it("bring large messages of keep all complete and in order, without copies of what waits (F4)", async () => {
    await using system = await start();
    const grownBytes = await system.call("FrameSource", "publishEvery", [2_000, 500_000], { timeoutMs: 60_000 });
    await expect.poll(() => seen(system)).toMatchObject({ count: 2_000, last: 2_000, isInOrder: true, torn: 0 });
    expect(grownBytes).toBeLessThan(200 * MIB);
  }, 90_000);

  it("leave memory bounded when a subscriber stands still (F2)", async () => {
    await using system = await start();
    await system.call("FrameSource", "publishNewest", [50, MIB]);
    const sink = pids(system).FrameSink as number;
    process.kill(sink, "SIGSTOP");
    try {
      const grownBytes = await system.call("FrameSource", "publishNewest", [1_000, MIB], { timeoutMs: 60_000 });
      expect(grownBytes).toBeLessThan(200 * MIB);
    } finally {
      process.kill(sink, "SIGCONT");
    }
    await expect.poll(async () => (await seen(system)).last).toBe(1_050);
  }, 90_000);

  it("go on when something writes into their memory, and the run says of which stream (K8)", async () => {
    await using system = await start();
    using vandal = new Vandal(await loadPosix());
    const source = pids(system).FrameSource as number;
    await system.call("FrameSource", "flow", [100_000]);
    const segments = () => vandal.segments(source).filter(({ words }) => (words[WORD.posted] as number) > 0);
    // The subscriber soon writes its own count there again, so more than one write may be needed for each fault.
    const faults = async () => {
      for (const { words } of segments()) words[WORD.released] = 2 ** 31;
      return (await system.health()).workers.map(({ memoryFaults }) => memoryFaults);
    };
    await expect.poll(faults, { timeout: 60_000 }).toContainEqual({ "/newest": 4 });
    // Over the socket from now on.
    const { last } = await seen(system);
    await expect.poll(async () => (await seen(system)).last).toBeGreaterThan(last + 50);
    expect(segments()).toEqual([]);
    expect(await system.listTopics()).toContainEqual(expect.objectContaining({ topic: "/newest", memoryFaults: 4 }));
    const { workers } = await system.metrics();
    const ports = workers.flatMap(({ metrics }) => metrics?.ports ?? []);
    expect(ports).toContainEqual(
      expect.objectContaining({ port: "newest", direction: "out", memory: { faults: 4, onSocket: 1 } }),
    );
    expect((await seen(system)).torn).toBe(0);
  }, 90_000);

  it("deliver nothing torn and leave nothing behind when either side is killed while frames flow (F5)", async () => {
    const before = readdirSync("/dev/shm");
    await using system = await start();
    for (const victim of ["FrameSource", "FrameSink", "FrameSource", "FrameSource", "FrameSink"]) {
      await system.call("FrameSource", "flow", [MIB]);
      const { lent } = await seen(system);
      await expect.poll(async () => (await seen(system)).lent).toBeGreaterThan(lent + 5);
      expect((await seen(system)).torn).toBe(0);
      const pid = pids(system)[victim] as number;
      process.kill(pid, "SIGKILL");
      await expect.poll(() => [pids(system)[victim], stateOf(system, victim)]).not.toContain(pid);
      await expect.poll(() => stateOf(system, victim)).toBe("running");
    }
    await system.call("FrameSource", "flow", [MIB]);
    await expect.poll(async () => (await seen(system)).lent).toBeGreaterThan(5);
    expect((await seen(system)).torn).toBe(0);
    // The memory of publishers that are gone is gone with them.
    await expect.poll(() => system.call("FrameSink", "mapped", [])).toHaveLength(1);
    expect(readdirSync("/dev/shm")).toEqual(before);
  }, 90_000);
});

function stateOf(system: ModuleCoordinator, instance: string) {
  return system.listModules().find((module) => module.instance === instance)?.state;
}

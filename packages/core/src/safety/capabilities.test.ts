import { afterEach, describe, expect, it, vi } from "vitest";
import { Announcer, Listener } from "../../test/announcing.ts";
import { Guide, Walker } from "../../test/moving.ts";
import { pids, run } from "../../test/run.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "../coordinator/coordinator.ts";
import { ModuleSpecError } from "../errors.ts";
import { describeModule } from "../module/description.ts";
import { skill } from "../module/methods.ts";
import { Module } from "../module/module.ts";

let system: ModuleCoordinator | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  await system?.stop();
  system = undefined;
});

const start = async (nWorkers: number) => {
  system = await run(autoconnect(Walker.blueprint(), Guide.blueprint()), { nWorkers });
  return system;
};

/** Begins a skill, and returns when it runs: then it holds what it uses. */
async function begin(on: ModuleCoordinator, skill: string, input: object): Promise<void> {
  const holds = Promise.withResolvers<void>();
  const [instance, method] = skill.split(".") as [string, string];
  on.call(instance, method, [input], { onProgress: () => holds.resolve() }).catch(() => {});
  await holds.promise;
}

const holders = async (on: ModuleCoordinator) =>
  (await on.health()).capabilities.map(({ capability, skill }) => [capability, skill]);

describe.each([0, 2])("A capability, with %i workers,", (nWorkers) => {
  it("has one holder: a second caller waits until it is free (I3)", async () => {
    const on = await start(nWorkers);
    const order: string[] = [];
    await begin(on, "Walker.walk", { seconds: 0.2 });
    const second = on.call("Walker", "wave", [{}]).then((what) => order.push(String(what)));
    const third = on.call("Walker", "walk", [{}]).then((what) => order.push(`then ${what}`));
    expect(await holders(on)).toEqual([["movement", "Walker.walk"]]);
    await Promise.all([second, third]);
    expect(order).toEqual(["wave", "then walk"]);
    await expect.poll(() => holders(on)).toEqual([]);
  });

  it("is refused at once behind a background skill, in one sentence that names it and what ends it (I3)", async () => {
    const on = await start(nWorkers);
    expect(await on.call("Guide", "patrol", [{}])).toEqual({ status: "walking" });
    await expect(on.call("Walker", "walk", [{}])).rejects.toMatchObject({
      name: "CapabilityHeldError",
      code: "CAPABILITY_HELD",
      message: '"movement" is held by Guide.patrol (since 0 s). Stop it with Guide.endPatrol, or wait.',
    });
    await expect(on.call("Guide", "patrol", [{}])).rejects.toThrow(/"movement" is held by Guide\.patrol/);
    await expect
      .poll(async () => ((await on.call("Guide", "state", [])) as { rounds: number }).rounds)
      .toBeGreaterThan(2);
    expect(await on.call("Guide", "endPatrol", [{}])).toEqual({ ended: true });
    expect(await on.call("Guide", "endPatrol", [{}])).toEqual({ ended: false });
    expect(await on.call("Walker", "walk", [{}])).toBe("walk");
  });

  it("is free again when a background skill refuses, or its work fails", async () => {
    const on = await start(nWorkers);
    expect(await on.call("Guide", "patrol", [{ refuse: true }])).toEqual({ status: "refused" });
    expect(await on.call("Guide", "state", [])).toMatchObject({ isRunning: false });
    expect(await on.call("Guide", "patrol", [{ fail: true }])).toEqual({ status: "walking" });
    await expect.poll(() => holders(on)).toEqual([]);
    expect(await on.call("Walker", "walk", [{}])).toBe("walk");
  });

  it("is lent to the skills that its holder calls, through methods of others as well, one at a time", async () => {
    const on = await start(nWorkers);
    expect(await on.call("Guide", "tour", [{}])).toEqual(["walk", "walk"]);
    expect(await on.call("Guide", "together", [{}])).toEqual(["walk", "walk"]);
    expect(await on.call("Guide", "errand", [{}])).toBe("walk");
    await expect.poll(() => holders(on)).toEqual([]);
  });

  it("is not lent to those who hear what its holder publishes", async () => {
    const on = await run(autoconnect(Walker.blueprint(), Listener.blueprint(), Announcer.blueprint()), {
      nWorkers: Math.min(nWorkers, 1),
    });
    system = on;
    expect(await on.call("Announcer", "announce", [{}])).toEqual({ heard: 1, walked: 0 });
    await expect.poll(() => on.call("Listener", "state", [])).toEqual({ heard: 1, walked: 1 });
  });

  it("is given up by a caller that aborts or has no more time, who is told who is in the way (I3)", async () => {
    const on = await start(nWorkers);
    await begin(on, "Walker.walk", { seconds: 60 });
    await expect(on.call("Walker", "walk", [{}], { timeoutMs: 1000 })).rejects.toThrow(
      /^"movement" is held by Walker\.walk \(since \d s\)\. Abort its call, or wait\.$/,
    );
    const abort = new AbortController();
    const waiting = on.call("Walker", "walk", [{}], { signal: abort.signal });
    abort.abort(new Error("changed my mind"));
    await expect(waiting).rejects.toMatchObject({ name: "CallAbortedError" });
    expect(await holders(on)).toEqual([["movement", "Walker.walk"]]);
  });

  it.each(["lead", "leadByName"])(
    "goes with an aborted %s when that has cleaned up, and its called skills end with it (I2)",
    async (skill) => {
      const on = await start(nWorkers);
      const abort = new AbortController();
      const lead = on.call("Guide", skill, [{}], { signal: abort.signal });
      await expect.poll(() => holders(on)).toEqual([["movement", `Guide.${skill}`]]);
      await expect.poll(() => on.call("Walker", "atWork", [])).toBe(1);
      abort.abort(new Error("changed my mind"));
      await expect(lead).rejects.toMatchObject({ name: "CallAbortedError" });
      await expect.poll(async () => ((await on.call("Walker", "ended", [])) as string[]).length).toBe(1);
      await expect.poll(() => holders(on)).toEqual([]);
    },
  );

  it.each([-3_600_000, 3_600_000])(
    "is free, or says how long it is held, whatever the host's clock does by %i ms (K2)",
    async (byMs) => {
      const on = await start(nWorkers);
      // It is not done when its successor comes: only the registry can free what it held.
      await begin(on, "Walker.walk", { seconds: 60, cleanupMs: 30_000 });
      const hostNow = Date.now;
      vi.spyOn(Date, "now").mockImplementation(() => hostNow() + byMs);
      await expect(on.call("Walker", "walk", [{}], { timeoutMs: 500 })).rejects.toThrow(/\(since [0-5] s\)/);
      await on.restartModule("Walker", { reloadSource: nWorkers > 0 });
      expect(await on.call("Walker", "walk", [{}], { timeoutMs: 5000 })).toBe("walk");
    },
  );

  it("is free when the module of its holder is restarted or unloaded (I3)", async () => {
    const on = await start(nWorkers);
    await begin(on, "Walker.walk", { seconds: 60 });
    await on.restartModule("Walker", { reloadSource: nWorkers > 0 });
    expect(await on.call("Walker", "walk", [{}], { timeoutMs: 5000 })).toBe("walk");
    await on.call("Guide", "patrol", [{}]);
    await on.unloadModule("Guide");
    expect(await on.call("Walker", "walk", [{}], { timeoutMs: 5000 })).toBe("walk");
  });
});

it("A crash of the holder's worker frees what it held, and whoever waits goes on (I3)", async () => {
  const on = await start(2);
  await begin(on, "Walker.walk", { seconds: 60 });
  const tour = on.call("Guide", "tour", [{}]);
  const restarted = new Promise((resolve) => on.on("moduleRestarted", resolve));
  process.kill(pids(on).Walker as number, "SIGKILL");
  // It gets movement at once, and then its legs when they are back, or learns that they are gone.
  await tour.catch((error: Error) => expect(error.message).toMatch(/Walker|lost|not sent/));
  await restarted;
  await expect.poll(() => holders(on)).toEqual([]);
  expect(await on.call("Guide", "tour", [{}])).toEqual(["walk", "walk"]);
});

it("Two robots in namespaces move at the same time, and each has one holder (I3)", async () => {
  system = await run(autoconnect(Walker.blueprint().namespace("robot0"), Walker.blueprint().namespace("robot1")));
  await begin(system, "robot0/Walker.walk", { seconds: 60 });
  await begin(system, "robot1/Walker.walk", { seconds: 60 });
  expect(await holders(system)).toEqual([
    ["robot0/movement", "robot0/Walker.walk"],
    ["robot1/movement", "robot1/Walker.walk"],
  ]);
  await expect(system.call("robot1/Walker", "wave", [{}], { timeoutMs: 1000 })).rejects.toThrow(
    /^"robot1\/movement" is held by robot1\/Walker\.walk/,
  );
});

it("A skill that names no skill of its module as its end is refused with a suggestion", () => {
  class Sweeper extends Module({ source: import.meta.url }) {
    sweep = skill({ description: "Sweeps.", lifecycle: "background", endedBy: "endSwep" }, async (_input, { accept }) =>
      accept("sweeps", async () => {}),
    );
    endSweep = skill({ description: "Ends it." }, async () => this.sweep.end());
  }
  const context = { signal: new AbortController().signal, instanceName: "Sweeper" } as never;
  expect(() => describeModule("Sweeper", new Sweeper(context))).toThrow(ModuleSpecError);
  expect(() => describeModule("Sweeper", new Sweeper(context))).toThrow(/Did you mean "endSweep"\?/);
});

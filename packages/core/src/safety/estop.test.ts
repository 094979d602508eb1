import { afterEach, describe, expect, it } from "vitest";
import { Halting } from "../../test/halting.ts";
import { Guide, Motor, Pusher, Walker } from "../../test/moving.ts";
import { pids, run } from "../../test/run.ts";
import { SlowStart, SlowStop } from "../../test/slow-start.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { RemoteCoordinator } from "../control/remote-coordinator.ts";
import type { ModuleCoordinator } from "../coordinator/coordinator.ts";
import { RunRegistry } from "../runs/run-registry.ts";
import { CALL_PATH } from "../worker/expose.ts";

let system: ModuleCoordinator | undefined;

afterEach(async () => {
  await system?.stop();
  system = undefined;
});

const robot = autoconnect(Walker.blueprint(), Guide.blueprint(), Motor.blueprint(), Pusher.blueprint());
const stateOf = async (on: ModuleCoordinator) =>
  (await on.call("Motor", "state", [])) as { pushes: number; estops: string[] };

function tcpEndpointOf(on: ModuleCoordinator): string {
  const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
  return entries.find(({ runId }) => runId === on.runId)?.tcpEndpoint as string;
}

/** Begins a long walk; resolves when it is under way, to how it ends. */
async function walk(on: ModuleCoordinator): Promise<{ end: Promise<unknown> }> {
  const holds = Promise.withResolvers<void>();
  const end = on.call("Walker", "walk", [{ seconds: 60 }], { onProgress: () => holds.resolve() });
  end.catch(() => {});
  await holds.promise;
  return { end };
}

/** Begins a load that goes on until it is aborted; resolves when it is under way. */
async function slowLoad(on: ModuleCoordinator): Promise<{ load: Promise<unknown>; abort: () => void }> {
  const abort = new AbortController();
  const starting = Promise.withResolvers<void>();
  const onProgress = ({ phase }: { phase: string }) => phase === "build" && starting.resolve();
  const load = on.loadBlueprint(SlowStart.blueprint(), { signal: abort.signal, onProgress });
  load.catch(() => {});
  await starting.promise;
  return { load, abort: () => abort.abort() };
}

describe.each([0, 2])("An emergency stop, with %i workers,", (nWorkers) => {
  it.each([
    ["an option", { estop: "it was latched before" }],
    ["the environment", { env: { ...process.env, DIMOS_RESTARTED_ESTOP: "it was latched before" } }],
  ])("may be there from the beginning, by %s, and is recorded with the run", async (_, options) => {
    const on = await run(robot, { nWorkers }, options);
    system = on;
    const recorded = () =>
      new RunRegistry(process.env.DIMOS_STATE_DIR as string).list().entries.find(({ runId }) => runId === on.runId);
    expect(recorded()?.estop).toMatchObject({ latched: true, reason: "it was latched before" });
    await expect(on.call("Walker", "walk", [{}])).rejects.toMatchObject({ code: "ESTOP" });
    expect(recorded()?.env).not.toHaveProperty("DIMOS_RESTARTED_ESTOP");
    await on.resetEstop();
    expect(recorded()?.estop).toEqual({ latched: false });
    expect(await on.call("Walker", "walk", [{}])).toBe("walk");
  });

  it("aborts what moves, halts actuators, refuses motion, and is latched until it is reset (I5)", async () => {
    const on = await run(robot, { nWorkers, debugCalls: true });
    system = on;
    const events: unknown[] = [];
    on.on("estop", (estop) => events.push(estop));
    const { end } = await walk(on);
    await on.call("Pusher", "once", []);
    await expect.poll(async () => (await stateOf(on)).pushes).toBe(1);

    const report = await on.estop("a child in the way");
    await expect(end).rejects.toMatchObject({ name: "EstopError", code: "ESTOP" });
    expect(report).toMatchObject({
      estop: { latched: true, reason: "a child in the way" },
      halted: ["Motor"],
      unconfirmed: [],
    });
    const sentence = (what: string) =>
      `${what} is refused: the emergency stop is latched (a child in the way). Reset it with "dimos estop --reset" or app.resetEstop()`;
    await expect(on.call("Walker", "walk", [{}])).rejects.toThrow(sentence("Walker.walk"));
    await expect(on.call("Guide", "patrol", [{}])).rejects.toThrow(sentence("Guide.patrol"));
    await expect(on.call("Motor", "turn", [])).rejects.toThrow(sentence("Motor.turn"));
    await expect(on.call("Walker", CALL_PATH, [["push"], []])).rejects.toThrow(sentence("Walker.push"));
    await on.call("Pusher", "once", []);
    expect(await stateOf(on)).toEqual({ pushes: 1, estops: ["a child in the way"] });
    expect((await on.health()).estop).toMatchObject({ latched: true, reason: "a child in the way" });

    expect((await on.estop("again")).estop).toMatchObject({ reason: "a child in the way" });
    await on.resetEstop();
    await on.resetEstop();
    expect(events).toEqual([expect.objectContaining({ latched: true }), { latched: false }]);
    expect(await on.call("Walker", "walk", [{}])).toBe("walk");
    expect(await on.call("Motor", "turn", [])).toBe("turned");
    expect(await on.call("Walker", CALL_PATH, [["push"], []])).toBe(1);
    await on.call("Pusher", "once", []);
    await expect.poll(async () => (await stateOf(on)).pushes).toBe(2);
  });

  it("is told to whoever publishes a command from outside, which does not arrive (I5)", async () => {
    const on = await run(robot, { nWorkers });
    system = on;
    const push = () => on.publish("push", { by: 1 });
    expect(await push()).toMatchObject({ receivers: ["Motor.push"], withheld: [], estop: { latched: false } });
    await expect.poll(async () => (await stateOf(on)).pushes).toBe(1);
    await on.estop("a child in the way");
    const estop = { latched: true, reason: "a child in the way" };
    expect(await push()).toMatchObject({ receivers: [], withheld: ["Motor.push"], missing: 0, estop });
    await on.resetEstop();
    await push();
    await expect.poll(async () => (await stateOf(on)).pushes).toBe(2);
  });

  it("is what the caller of a skill hears, however that takes its end, with what it has measured (I4, I5)", async () => {
    const on = await run(Walker.blueprint(), { nWorkers });
    system = on;
    const ended =
      'Walker.stroll was ended: the emergency stop is latched (a child in the way). Reset it with "dimos estop --reset" or app.resetEstop()';
    for (const end of ["report", "nothing", "other error"]) {
      const holds = Promise.withResolvers<void>();
      const stroll = on.call("Walker", "stroll", [{ end }], { onProgress: () => holds.resolve() });
      stroll.catch(() => {});
      await holds.promise;
      await on.estop("a child in the way");
      if (end === "report") expect(await stroll).toEqual({ status: "cancelled", moved: 0.2, error: ended });
      else await expect(stroll).rejects.toMatchObject({ name: "EstopError", code: "ESTOP", message: ended });
      await on.resetEstop();
    }
  });

  it("stays latched over restarts and loads: new instances know it before they start (I5)", async () => {
    const on = await run(autoconnect(Motor.blueprint(), Pusher.blueprint()), { nWorkers });
    system = on;
    await on.estop("stay");
    await on.restartModule("Motor", { reloadSource: nWorkers > 0 });
    await on.loadBlueprint(Walker.blueprint());
    await expect(on.call("Walker", "walk", [{}])).rejects.toThrow(/emergency stop is latched \(stay\)/);
    await on.call("Pusher", "once", []);
    await expect.poll(async () => (await stateOf(on)).estops).toEqual(["stay"]);
    expect((await stateOf(on)).pushes).toBe(0);
  });

  it("ends a patrol, and refuses who waits (I5)", async () => {
    const on = await run(robot, { nWorkers });
    system = on;
    await walk(on);
    const waiting = on.call("Walker", "wave", [{}]);
    waiting.catch(() => {});
    await on.estop();
    await expect(waiting).rejects.toMatchObject({ code: "ESTOP" });
    await on.resetEstop();
    await on.call("Guide", "patrol", [{}]);
    await on.estop();
    await expect.poll(async () => on.call("Guide", "state", [])).toMatchObject({ isRunning: false });
    await expect.poll(async () => (await on.health()).capabilities).toEqual([]);
  });
});

it("An emergency stop waits for no load that is under way (I5)", async () => {
  const on = await run(robot, { nWorkers: 2 });
  system = on;
  const { end } = await walk(on);
  const { load, abort } = await slowLoad(on);
  // The worker, its connection and this process have done the same once: what is measured is the stop.
  await on.call("Motor", "state", []);
  const startMs = performance.now();
  const aborted = end.catch(() => performance.now() - startMs);
  const { halted } = await on.estop("now");
  const haltedMs = performance.now() - startMs;
  expect(halted).toEqual(["Motor"]);
  // The load goes on until it is aborted; 10 ms on a quiet machine.
  expect(await aborted).toBeLessThan(2_000);
  expect(haltedMs).toBeLessThan(2_000);
  abort();
  await expect(load).rejects.toThrow(/aborted/);
});

it("An emergency stop ends a command from outside that waits for a load, also when it is reset meanwhile (I5)", async () => {
  const on = await run(robot, { nWorkers: 2 });
  system = on;
  const { abort } = await slowLoad(on);
  const published = on.publish("push", { by: 1 });
  published.catch(() => {});
  await on.estop("now");
  await on.resetEstop();
  abort();
  await expect(published).rejects.toMatchObject({ code: "ESTOP" });
  expect((await stateOf(on)).pushes).toBe(0);
});

it("An emergency stop reaches a run that is being stopped, until that has ended (I5)", async () => {
  const on = await run(autoconnect(robot, SlowStop.blueprint()), { nWorkers: 2 });
  system = on;
  const stopped = on.stop();
  expect(await on.estop("it still moves")).toMatchObject({ estop: { latched: true }, halted: ["Motor"] });
  await stopped;
  await expect(on.estop("too late")).rejects.toMatchObject({ code: "COORDINATOR_STOPPED" });
});

it("An emergency stop over TCP reaches the robot (I5)", async () => {
  const token = "a-long-enough-token-for-a-test";
  const on = await run(robot, { nWorkers: 1, listen: "ws://127.0.0.1:0", token });
  system = on;
  const { end } = await walk(on);
  await using client = await RemoteCoordinator.connect(tcpEndpointOf(on), { token });
  const told = new Promise((resolve) => client.on("estop", resolve));
  expect((await client.estop("from afar")).halted).toEqual(["Motor"]);
  await expect(end).rejects.toMatchObject({ code: "ESTOP" });
  expect(await told).toMatchObject({ latched: true, reason: "from afar" });
  expect(client.estopState).toMatchObject({ latched: true });
  await client.resetEstop();
  await expect.poll(() => client.estopState).toEqual({ latched: false });
});

it("An emergency stop kills the worker of an actuator that does not confirm, and names whoever was not told (I5)", async () => {
  const on = await run(autoconnect(robot, StressTest.blueprint()), { nWorkers: 1 });
  system = on;
  const pid = pids(on).Motor as number;
  const restarted = new Promise((resolve) => on.on("moduleRestarted", resolve));
  on.call("Motor", "block", []).catch(() => {});
  await expect(on.call("Motor", "state", [], { timeoutMs: 300 })).rejects.toThrow(/did not answer/);
  process.kill(pids(on).StressTest as number, "SIGSTOP");
  const { halted, unconfirmed } = await on.estop("blocked");
  process.kill(pids(on).StressTest as number, "SIGCONT");
  expect(halted).toEqual([]);
  expect(unconfirmed).toHaveLength(2);
  expect(unconfirmed).toContainEqual({ worker: expect.any(String), modules: ["Motor"], killed: true });
  expect(unconfirmed).toContainEqual({
    worker: expect.any(String),
    modules: ["Walker", "Guide", "Pusher", "StressTest"],
    killed: false,
  });
  await restarted;
  expect(pids(on).Motor).not.toBe(pid);
  // It comes back stopped, and so does who was not told in time.
  await expect.poll(async () => (await stateOf(on)).estops).toEqual(["blocked"]);
  await expect(on.call("Walker", "walk", [{}])).rejects.toMatchObject({ code: "ESTOP" });
});

it("A reset that an actuator does not confirm says so, and neither kills nor forgets it (I5)", async () => {
  const on = await run(Motor.blueprint(), { nWorkers: 1 });
  system = on;
  const { Motor: pid } = pids(on);
  await on.estop("a child in the way");
  process.kill(pid as number, "SIGSTOP");
  const report = await on.resetEstop();
  process.kill(pid as number, "SIGCONT");
  expect(report).toMatchObject({
    estop: { latched: false },
    halted: [],
    unconfirmed: [{ worker: expect.any(String), modules: ["Motor"], killed: false }],
  });
  // It hears of the reset when it can: the run and its actuator agree again.
  await expect.poll(async () => (await stateOf(on)).estops).toEqual(["a child in the way", "reset"]);
  expect(pids(on).Motor).toBe(pid);
});

it("An emergency stop reaches what moves before it is recorded and told to others (I5)", async () => {
  system = await run(Halting.blueprint(), { nWorkers: 0 });
  system.on("estop", ({ latched }) => Halting.heard.push(latched ? "told" : "told of the reset"));
  await system.estop("a child in the way");
  await system.resetEstop();
  expect(Halting.heard).toEqual(["halted", "told", "free", "told of the reset"]);
});

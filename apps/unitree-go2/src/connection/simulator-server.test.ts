import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { SteadyClock } from "@dimos/core";
import { testModule } from "@dimos/core/testing";
import { expect, test, vi } from "vitest";
import { serveSimulator } from "../../test/served-simulator.ts";
import { Go2Connection } from "../modules/go2-connection.ts";

test("a client that only watches neither moves the robot nor lets it go, but anyone may halt it", async () => {
  await using served = await serveSimulator();
  await using driver = await served.join("drive");
  await using watcher = await served.join("watch");
  expect(await watcher.call("move", 0.5, 0, 0)).toBe(false);
  for (const method of ["standUp", "lieDown", "end"] as const)
    await expect(watcher.call(method)).rejects.toThrow(/only from the connection that drives it/);
  await served.clock.advance(1000);
  expect(await watcher.call("truth")).toMatchObject({ travelled: 0 });

  await watcher.call("halt", true);
  await expect(watcher.call("halt", false)).rejects.toThrow(/only from the connection that drives it/);
  expect(await driver.call("move", 0.5, 0, 0)).toBe(false);
  await driver.call("halt", false);
  expect(await driver.call("move", 0.5, 0, 0)).toBe(true);
  await served.clock.advance(500);
  expect((await served.truth()).travelled).toBeGreaterThan(0.1);
});

test("the last to drive is obeyed, and the one before it moves the robot no more", async () => {
  await using served = await serveSimulator();
  await using first = await served.join("drive");
  await using second = await served.join("drive");
  expect(await first.call("move", 0.5, 0, 0)).toBe(false);
  expect(await second.call("move", 0.5, 0, 0)).toBe(true);
});

test("the robot brakes as soon as its driver is gone, not when the last command has run out", async () => {
  await using served = await serveSimulator();
  await using watcher = await served.join("watch");
  {
    await using driver = await served.join("drive");
    await driver.call("move", 1, 0, 0);
    await served.clock.advance(450);
    await driver.call("move", 1, 0, 0);
  }
  // The server has seen the driver leave once it has answered somebody else after that.
  for (let i = 0; i < 2; i++) await watcher.call("truth");
  const before = (await served.truth()).travelled;
  await served.clock.advance(400);
  // 1 m/s is braked in 1/6 s; the command would have gone on for 0.4 s.
  expect((await served.truth()).travelled - before).toBeLessThan(0.12);
});

test("a robot that was halted stays so for the next driver, until that releases it (I5)", async () => {
  await using served = await serveSimulator();
  {
    await using driver = await served.join("drive");
    await driver.call("halt", true);
  }
  await using next = await served.join("drive");
  expect(await next.call("move", 0.5, 0, 0)).toBe(false);
  await served.clock.advance(500);
  expect((await served.truth()).travelled).toBe(0);
  await next.call("halt", false);
  expect(await next.call("move", 0.5, 0, 0)).toBe(true);
});

test("a connection that starts anew after the reset of an emergency stop finds a robot that can move, and not one that is deaf", async () => {
  await using served = await serveSimulator();
  vi.stubEnv("DIMOS_WORKER_PID", String(process.pid));
  vi.stubEnv("DIMOS_RUN_DIRECTORY", served.directory);
  try {
    const connect = () => testModule(Go2Connection, { config: { cameraHz: 0 } });
    {
      await using killed = await connect();
      await killed.start();
      await killed.estop("test");
      expect(await killed.module.move(0.5, 0, 0)).toBe(false);
    }
    await using restarted = await connect();
    await restarted.start();
    expect(await restarted.module.move(0.5, 0, 0)).toBe(true);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a simulator keeps nothing of what it has reported: a robot that runs for days does not fill the memory", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  await using served = await serveSimulator({ cameraHz: 2 });
  const clients = [await served.join("drive"), await served.join("watch")];
  await using _first = clients[0];
  await using _second = clients[1];
  const kept = async () => {
    // Answered after everything that was reported before.
    for (const client of clients) await client.call("truth");
    collect();
    return process.memoryUsage().arrayBuffers / 1e6;
  };
  await served.clock.advance(1000);
  const before = await kept();
  await served.clock.advance(3000);
  // 6 pictures are 4 MB, 30 scans 2 MB. The memory of what is collected is given back a little later.
  await expect.poll(async () => (await kept()) - before).toBeLessThan(3);
});

test("a robot whose process was stopped does not drive by the velocities that waited meanwhile", async () => {
  const clock = new SteadyClock(0);
  await using served = await serveSimulator({}, clock);
  await using driver = await served.join("drive");
  const moves = Array.from({ length: 20 }, () => driver.call("move", 0.5, 0, 0));
  // As a process that is stopped: nothing of it runs, and the sockets fill.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
  await Promise.all(moves);
  let ticks = 0;
  const leave = clock.interval(50, () => ticks++);
  await expect.poll(() => ticks).toBeGreaterThan(6);
  leave();
  expect((await served.truth()).travelled).toBe(0);
  await expect
    .poll(async () => {
      await driver.call("move", 0.5, 0, 0);
      return (await served.truth()).travelled;
    })
    .toBeGreaterThan(0.1);
});

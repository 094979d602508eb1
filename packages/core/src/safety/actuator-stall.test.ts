import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, setPriority } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { Motor } from "../../test/moving.ts";
import { pids, run } from "../../test/run.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "../coordinator/coordinator.ts";

let system: ModuleCoordinator | undefined;

afterEach(async () => {
  await system?.stop();
  system = undefined;
});

it("The worker of an actuator that stands still is killed after 500 ms and started again, and says why", async () => {
  const on = await run(autoconnect(Motor.blueprint(), StressTest.blueprint()));
  system = on;
  const pid = pids(on).Motor as number;
  const crashed = new Promise<{ reason: string }>((resolve) => on.on("moduleCrashed", resolve));
  const restarted = new Promise((resolve) => on.on("moduleRestarted", resolve));
  await on.call("Motor", "state", []);
  const startMs = performance.now();
  on.call("Motor", "block", []).catch(() => {});
  expect((await crashed).reason).toBe(
    "was ended by SIGKILL: it stood still for longer than 500 ms, and what drives actuators must not",
  );
  expect(performance.now() - startMs).toBeGreaterThan(450);
  await restarted;
  expect(pids(on).Motor).not.toBe(pid);
  expect(await on.call("StressTest", "ping", [{}])).toBe("pong");
});

it("An actuator drives on blindly for half a second of its own at most, however busy the machine is", async () => {
  const on = await run(Motor.blueprint());
  system = on;
  const path = join(process.env.XDG_RUNTIME_DIR as string, "blocked-ms");
  const crashed = new Promise((resolve) => on.on("moduleCrashed", resolve));
  on.call("Motor", "blockNoting", [path]).catch(() => {});
  await crashed;
  const blockedMs = Number(readFileSync(path, "utf8"));
  expect(blockedMs).toBeGreaterThan(400);
  // 550 on a quiet machine. On a busy one the guard is late, and looks again after at most 100 ms of this.
  expect(blockedMs).toBeLessThan(1_500);
});

it("An actuator that is held up for a moment lives", async () => {
  system = await run(Motor.blueprint());
  const pid = pids(system).Motor;
  for (let i = 0; i < 3; i++) await system.call("Motor", "blockFor", [200]);
  await system.call("Motor", "state", []);
  expect(pids(system).Motor).toBe(pid);
});

it("The worker of an actuator that is stopped with its guard is killed when it has said nothing for 5 s", async () => {
  system = await run(Motor.blueprint());
  const crashed = new Promise((resolve) => system?.on("moduleCrashed", resolve));
  process.kill(pids(system).Motor as number, "SIGSTOP");
  expect(await crashed).toMatchObject({ instance: "Motor" });
}, 20_000);

it("An actuator whose worker gets no processor is not killed for that", async () => {
  const on = await run(Motor.blueprint());
  system = on;
  const pid = pids(on).Motor as number;
  const hogs = Array.from({ length: availableParallelism() * 3 }, () =>
    spawn("/bin/sh", ["-c", "while :; do :; done"]),
  );
  try {
    setPriority(pid, 10);
    const end = performance.now() + 1500;
    while (performance.now() < end) await on.call("Motor", "state", [], { timeoutMs: 20_000 });
  } finally {
    for (const hog of hogs) hog.kill("SIGKILL");
  }
  expect(on.listModules()).toMatchObject([{ pid, restarts: 0 }]);
}, 40_000);

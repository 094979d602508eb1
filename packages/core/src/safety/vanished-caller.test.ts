import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { Leader, Walker } from "../../test/moving.ts";
import { pids, run } from "../../test/run.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "../coordinator/coordinator.ts";
import { RunRegistry } from "../runs/run-registry.ts";

const PROGRAM = fileURLToPath(new URL("../../test/programs/walking.ts", import.meta.url));
const TOKEN = "a-long-enough-token-for-a-test";

let system: ModuleCoordinator | undefined;

afterEach(async () => {
  await system?.stop();
  system = undefined;
});

/** A program that walks; resolves when the robot does. */
async function walkingProgram(...args: string[]) {
  const child = spawn(process.execPath, ["--conditions=@dimos/source", PROGRAM, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

const aborted = async (on: ModuleCoordinator) => (await on.call("Walker", "ended", [])) as string[];

it.each(["over a worker's own socket", "over TCP"])(
  "A skill is aborted when its caller is killed: %s (I2)",
  async (how) => {
    const on = await run(Walker.blueprint(), { nWorkers: 1, listen: "ws://127.0.0.1:0", token: TOKEN });
    system = on;
    const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
    const tcpEndpoint = entries.find(({ runId }) => runId === on.runId)?.tcpEndpoint as string;
    const caller = how === "over TCP" ? await walkingProgram(tcpEndpoint, TOKEN) : await walkingProgram(on.endpoint);
    expect(await on.call("Walker", "atWork", [])).toBe(1);
    caller.kill("SIGKILL");
    await expect.poll(() => aborted(on)).toHaveLength(1);
    await expect.poll(async () => (await on.health()).capabilities).toEqual([]);
    expect(await on.call("Walker", "walk", [{}], { timeoutMs: 5000 })).toBe("walk");
  },
);

it("A skill is aborted when the worker of the module that called it is killed (I2)", async () => {
  const on = await run(autoconnect(Walker.blueprint(), Leader.blueprint()), { nWorkers: 2 });
  system = on;
  on.call("Leader", "lead", []).catch(() => {});
  await expect.poll(() => on.call("Walker", "atWork", [])).toBe(1);
  process.kill(pids(on).Leader as number, "SIGKILL");
  await expect.poll(() => aborted(on)).toHaveLength(1);
});

it("A skill is aborted when the module that called it passes its caller's signal on (I2)", async () => {
  const on = await run(autoconnect(Walker.blueprint(), Leader.blueprint()), { nWorkers: 2 });
  system = on;
  const abort = new AbortController();
  const led = on.call("Leader", "follow", [{}], { signal: abort.signal });
  led.catch(() => {});
  await expect.poll(() => on.call("Walker", "atWork", [])).toBe(1);
  abort.abort();
  await expect.poll(() => aborted(on)).toHaveLength(1);
});

import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Leader, Walker } from "../../test/moving.ts";
import { pids, run } from "../../test/run.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "../coordinator/coordinator.ts";
import { readRunLog } from "../log/read-run-log.ts";
import { RunRegistry } from "../runs/run-registry.ts";

const program = (name: string) => fileURLToPath(new URL(`../../test/programs/${name}.ts`, import.meta.url));
const TOKEN = "a-long-enough-token-for-a-test";
/** 1.6 s on a quiet machine; without the question it would be a minute. */
const BOUND_MS = 5_000;
const SENTENCE = /^The caller gave no sign of life for 1\.\d s, so its call was aborted and the robot was stopped\./;

const robot = (name: string) => autoconnect(Walker.blueprint(), Leader.blueprint()).namespace(name);
const aborted = async (on: ModuleCoordinator, walker: string) => (await on.call(walker, "ended", [])) as string[];
const atWork = (on: ModuleCoordinator, walker: string) => on.call(walker, "atWork", []);

function startCaller(args: readonly string[], name = "calling") {
  const child = fork(program(name), args, { execArgv: ["--conditions=@dimos/source"] });
  return Object.assign(child, { [Symbol.dispose]: () => void child.kill("SIGKILL") });
}

describe.each([2, 0])("K5 with %i workers", (nWorkers) => {
  let on: ModuleCoordinator;
  let tcpEndpoint: string;

  beforeAll(async () => {
    const robots = ["a", "b", "c", "d", "e", "f"].map(robot);
    on = await run(autoconnect(...robots), { nWorkers, listen: "ws://127.0.0.1:0", token: TOKEN });
    const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
    tcpEndpoint = entries.find(({ runId }) => runId === on.runId)?.tcpEndpoint as string;
  });

  afterAll(() => on.stop());

  it.concurrent.for([
    // Over TCP the heartbeat is faster than the question, and ends the connection.
    ["a", "over a worker's own socket", "Walker", "walk", "CALLER_SILENT"],
    ["b", "over TCP", "Walker", "walk", "CONNECTION_LOST"],
    ["c", "through a skill that passes its signal on", "Leader", "follow", "CALLER_SILENT"],
    ["d", "through a skill that passes nothing on", "Leader", "march", "CALLER_SILENT"],
    ["e", "through a method that calls a skill of its own module", "Walker", "pace", "CALLER_SILENT"],
    ["f", "through the coordinator, which relays", "Walker", "march", "CALLER_SILENT"],
  ] as const)(
    "%s: a caller that is stopped %s has its skill aborted",
    async ([name, how, module, method, code], { expect }) => {
      const [walker, target] = [`${name}/Walker`, `${name}/${module}`];
      const address = how === "over TCP" ? tcpEndpoint : on.endpoint;
      const input = module === "Leader" ? "{}" : '{"seconds":60}';
      const args = [address, target, method, input, ...(how === "over TCP" ? [TOKEN] : [])];
      using caller = startCaller(args, how.includes("relays") ? "relayed" : "calling");
      await expect.poll(() => atWork(on, walker)).toBe(1);
      caller.kill("SIGSTOP");
      const stoppedMs = performance.now();
      await expect.poll(() => aborted(on, walker), { interval: 20 }).toHaveLength(1);
      expect(performance.now() - stoppedMs).toBeLessThan(BOUND_MS);
      caller.kill("SIGCONT");
      const [heard] = await once(caller, "message");
      expect(heard).toMatchObject({ code });
      if (code === "CALLER_SILENT") expect(heard.message).toMatch(SENTENCE);
      else expect(heard.message).toContain("heard nothing of this client");
      const held = async () => (await on.health()).capabilities.filter(({ skill }) => skill.startsWith(name));
      await expect.poll(held).toEqual([]);
      expect(await on.call(walker, "walk", [{}])).toBe("walk");
    },
  );
});

it("K5 what a skill measured before its caller fell silent is not lost, and the log has it too", async () => {
  const on = await run(Walker.blueprint(), { nWorkers: 1 });
  try {
    using caller = startCaller([on.endpoint, "Walker", "stroll", '{"end":"report"}']);
    await expect.poll(async () => (await on.health()).capabilities).toHaveLength(1);
    caller.kill("SIGSTOP");
    await expect.poll(async () => (await on.health()).capabilities).toEqual([]);
    caller.kill("SIGCONT");
    const [heard] = await once(caller, "message");
    expect(heard).toEqual({ status: "cancelled", moved: 0.2, error: expect.stringMatching(SENTENCE) });
    const logged = () => [...readRunLog(on.logDirectory)].map(({ text }) => text);
    await expect.poll(logged).toContainEqual(expect.stringMatching(/^Walker\.stroll: The caller gave no sign of life/));
  } finally {
    await on.stop();
  }
});

it("K5 a worker that is stopped is a caller as well: what its modules called elsewhere is aborted", async () => {
  const on = await run(autoconnect(Walker.blueprint(), Leader.blueprint()), { nWorkers: 2 });
  const pid = pids(on).Leader as number;
  try {
    on.call("Leader", "lead", []).catch(() => {});
    await expect.poll(() => atWork(on, "Walker")).toBe(1);
    process.kill(pid, "SIGSTOP");
    const stoppedMs = performance.now();
    await expect.poll(() => aborted(on, "Walker"), { interval: 20 }).toHaveLength(1);
    expect(performance.now() - stoppedMs).toBeLessThan(BOUND_MS);
  } finally {
    process.kill(pid, "SIGCONT");
    await on.stop();
  }
});

it("K5 a caller that has to share its processor with busy loops is not taken for stopped", async () => {
  const on = await run(Walker.blueprint(), { nWorkers: 1 });
  const busy = Array.from({ length: 2 * availableParallelism() }, () => fork(program("spinning")));
  try {
    using caller = startCaller([on.endpoint, "Walker", "walk", '{"seconds":3}']);
    expect(await once(caller, "message")).toEqual(["walk", undefined]);
  } finally {
    for (const child of busy) child.kill("SIGKILL");
    await on.stop();
  }
});

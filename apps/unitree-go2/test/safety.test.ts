import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { autoconnect } from "@dimos/core";
import { RunRegistry } from "@dimos/core/runs";
import { Dimos } from "@dimos/porcelain";
import { expect, test, vi } from "vitest";
import {
  MovementManager,
  NavigationSkills,
  ReplanningAStarPlanner,
  UnitreeSkills,
  VoxelGridMapper,
  WavefrontFrontierExplorer,
} from "../src/index.ts";
import { BlockableGo2 } from "./blockable-go2.ts";
import { nowMs } from "./now-ms.ts";
import { TruthWatch } from "./truth-watch.ts";

const MOVING = fileURLToPath(new URL("./programs/moving.ts", import.meta.url));

vi.setConfig({ testTimeout: 120_000 });

const robot = autoconnect(
  BlockableGo2.blueprint(),
  MovementManager.blueprint(),
  VoxelGridMapper.blueprint(),
  ReplanningAStarPlanner.blueprint(),
  UnitreeSkills.blueprint(),
  NavigationSkills.blueprint(),
);

async function runRobot(): Promise<Dimos> {
  const app = new Dimos({ consoleLevel: "silent", nWorkers: 1 });
  await app.run(robot, { config: { Go2Connection: { cameraHz: 0 } } });
  return app;
}

/** Commands a velocity ten times a second until the robot walks. Resolves to when it had the last command. */
async function walk(app: Dimos, watch: TruthWatch): Promise<number> {
  for (;;) {
    expect(await app.Go2Connection.move(0.5, 0, 0)).toBe(true);
    const commandedMs = nowMs();
    if (watch.speed > 0.4) return commandedMs;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("the robot stands 0.6 s after the last command, by its own clock (I1)", async () => {
  await using app = await runRobot();
  using watch = await TruthWatch.open(app.runId);
  const lastMs = await walk(app, watch);
  expect(await watch.movedFor(lastMs)).toBeLessThan(600);
});

test("the robot stands 0.6 s after its module fell into an endless loop, which ends the module, and not the robot (I1)", async () => {
  await using app = await runRobot();
  using watch = await TruthWatch.open(app.runId);
  const restarted = new Promise((resolve) => app.on("moduleRestarted", resolve));
  await walk(app, watch);
  const blockedMs = nowMs();
  app.call("Go2Connection.block").catch(() => {});
  expect(await watch.movedFor(blockedMs)).toBeLessThan(600);
  await restarted;
  expect(watch.speed).toBe(0);
  // It is the same robot, where it stood, and it follows again.
  expect((await app.Go2Connection.groundTruth()).pose.x).toBeCloseTo(watch.moments.at(-1)?.x as number, 3);
  await walk(app, watch);
});

test("the robot stands at once when its module is killed (I1)", async () => {
  await using app = await runRobot();
  using watch = await TruthWatch.open(app.runId);
  const restarted = new Promise((resolve) => app.on("moduleRestarted", resolve));
  await walk(app, watch);
  const killedMs = nowMs();
  process.kill(app.listModules().find(({ instance }) => instance === "Go2Connection")?.pid as number, "SIGKILL");
  expect(await watch.movedFor(killedMs)).toBeLessThan(600);
  await restarted;
  expect((await app.Go2Connection.groundTruth()).travelled).toBeGreaterThan(0);
});

test("an emergency stop halts the robot, and what drives it is refused below the module as well (I5)", async () => {
  await using app = await runRobot();
  using watch = await TruthWatch.open(app.runId);
  const move = app.skills.relativeMove({ forward: 5 });
  await watch.walks();
  const stoppedMs = nowMs();
  expect(await app.estop("test")).toMatchObject({ halted: ["Go2Connection"], unconfirmed: [] });
  expect(await move).toMatchObject({ status: "cancelled" });
  expect(await watch.movedFor(stoppedMs)).toBeLessThan(600);
  await expect(app.Go2Connection.move(0.5, 0, 0)).rejects.toThrow(/^Go2Connection\.move is refused/);
  const goal = app.ReplanningAStarPlanner.setGoal({ x: 5, y: 5.2 });
  await expect(goal).rejects.toThrow(/^ReplanningAStarPlanner\.setGoal is refused/);
  const { length } = watch.moments;
  for (let i = 0; i < 10; i++) {
    await app.publish("cmdVel", { linear: { x: 0.5, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(watch.moments.slice(length).every(({ speed }) => speed < 0.02)).toBe(true);
  await app.resetEstop();
  expect(await app.ReplanningAStarPlanner.getState()).toMatchObject({ status: "idle" });
  expect(watch.speed).toBe(0);
  expect(await app.skills.relativeMove({ forward: 0.5 })).toMatchObject({ status: "reached" });
});

test("the robot halts when the worker of the skill that moves it is killed, and others can move it (I2, I3)", async () => {
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 5 });
  await app.run(robot, { config: { Go2Connection: { cameraHz: 0 } } });
  using watch = await TruthWatch.open(app.runId);
  const move = app.skills.relativeMove({ forward: 5 });
  const lost = expect(move).rejects.toMatchObject({ code: "WORKER_EXITED" });
  await watch.walks();
  const killedMs = nowMs();
  const restarted = new Promise((resolve) => app.on("moduleRestarted", resolve));
  process.kill(app.listModules().find(({ instance }) => instance === "UnitreeSkills")?.pid as number, "SIGKILL");
  await lost;
  // 0.6 s on a quiet machine. A planner that only missed its caller would have patience with it for 1.5 s, and then brake.
  expect(await watch.movedFor(killedMs)).toBeLessThan(1_500);
  await restarted;
  expect(await app.skills.relativeMove({ forward: -0.3 })).toMatchObject({ status: "reached" });
});

test("the robot stands within 2 s after the program that moves it was stopped, and at a deadline of its caller (K5, K6)", async () => {
  const token = "a-long-enough-token-for-a-test";
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 1, listen: "ws://127.0.0.1:0", token });
  await app.run(robot, { config: { Go2Connection: { cameraHz: 0 } } });
  const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
  const run = entries.find(({ runId }) => runId === app.runId);
  using watch = await TruthWatch.open(app.runId);
  for (const [address, outcome] of [
    [[String(run?.endpoint)], { status: "cancelled", error: expect.stringContaining("gave no sign of life") }],
    [[String(run?.tcpEndpoint), token], { code: "CONNECTION_LOST" }],
  ] as const) {
    const program = fork(MOVING, address, { execArgv: ["--conditions=@dimos/source"] });
    using _end = { [Symbol.dispose]: () => void program.kill("SIGKILL") };
    await watch.walks();
    program.kill("SIGSTOP");
    // Two seconds; a loaded machine may take its time, and the move itself would go on for 9 s.
    expect(await watch.movedFor(nowMs())).toBeLessThan(5_000);
    program.kill("SIGCONT");
    const [heard] = await once(program, "message");
    expect(heard).toMatchObject(outcome);
  }
  const move = app.skills.relativeMove({ forward: 5 }, { timeoutMs: 2_000, onProgress: () => {} });
  const late = expect(move).rejects.toMatchObject({ code: "CALL_TIMEOUT" });
  await watch.walks();
  await late;
  expect(await watch.movedFor(nowMs())).toBeLessThan(1_500);
});

test("the robot halts when the worker of the planner is killed, and the skill that moved it says so (I1)", async () => {
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 5 });
  await app.run(robot, { config: { Go2Connection: { cameraHz: 0 } } });
  using watch = await TruthWatch.open(app.runId);
  const move = app.skills.relativeMove({ forward: 5 });
  await watch.walks();
  const killedMs = nowMs();
  const restarted = new Promise((resolve) => app.on("moduleRestarted", resolve));
  process.kill(
    app.listModules().find(({ instance }) => instance === "ReplanningAStarPlanner")?.pid as number,
    "SIGKILL",
  );
  expect(await watch.movedFor(killedMs)).toBeLessThan(600);
  const { status, moved, error } = await move;
  expect({ status, error }).toEqual({
    status: "cancelled",
    error: expect.stringMatching(/^ReplanningAStarPlanner was lost: .*SIGKILL.* The robot stops; ask again\.$/),
  });
  expect(moved).toBeGreaterThan(0.02);
  await restarted;
  expect(await app.skills.relativeMove({ forward: -0.3 })).toMatchObject({ status: "reached" });
});

test("the robot halts when the worker of its exploration is killed (I2)", async () => {
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 6 });
  await app.run(autoconnect(robot, WavefrontFrontierExplorer.blueprint()), {
    config: { Go2Connection: { cameraHz: 0, world: "apartment" } },
  });
  using watch = await TruthWatch.open(app.runId);
  await app.skills.beginExploration();
  await watch.walks();
  const explorer = app.listModules().find(({ instance }) => instance === "WavefrontFrontierExplorer");
  process.kill(explorer?.pid as number, "SIGKILL");
  await expect.poll(async () => (await app.ReplanningAStarPlanner.getState()).status, { timeout: 5000 }).toBe("idle");
  await expect.poll(() => watch.speed, { timeout: 5000 }).toBe(0);
});

test("two who move the robot at once take turns (I3)", async () => {
  await using app = await runRobot();
  const order: string[] = [];
  const first = app.skills.relativeMove({ forward: 0.6 }).then(({ status }) => order.push(`first ${status}`));
  await expect
    .poll(async () => (await app.health()).capabilities)
    .toMatchObject([{ skill: "UnitreeSkills.relativeMove" }]);
  const { pose } = await app.Go2Connection.groundTruth();
  const second = app.skills
    .navigateTo({ x: pose.x + 1, y: pose.y })
    .then(({ status }) => order.push(`second ${status}`));
  await Promise.all([first, second]);
  expect(order).toEqual(["first reached", "second reached"]);
});

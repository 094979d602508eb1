import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { BOUND_MS, type Condition, STAYS_MS } from "./condition.ts";
import type { Robot } from "./robot.ts";

const SLOW_LOAD = `${fileURLToPath(new URL("../programs/slow-load.ts", import.meta.url))}#SlowLoad`;

/** An emergency stop, asked for when the run has something else to do. */
export const emergencies: readonly Condition[] = [
  { id: "estop-load", what: "estop while a blueprint is loaded", boundMs: BOUND_MS, trial: duringLoad },
  { id: "estop-restart", what: "estop while a module is restarted", boundMs: BOUND_MS, trial: duringRestart },
  {
    id: "estop-queue",
    what: "estop while velocities are published as fast as possible",
    boundMs: BOUND_MS,
    trial: fullQueue,
  },
  {
    id: "estop-coordinator-stopped",
    what: "estop with the coordinator stopped",
    boundMs: BOUND_MS,
    trial: (robot) => withStopped(robot, robot.run.pid),
  },
  {
    id: "estop-worker-stopped",
    what: "estop with the planner's worker stopped",
    boundMs: BOUND_MS,
    trial: (robot) => withStopped(robot, robot.pidOf("ReplanningAStarPlanner")),
  },
  {
    id: "estop-actuator-stopped",
    what: "estop with the actuator's worker stopped",
    boundMs: BOUND_MS,
    trial: (robot) => withStopped(robot, robot.pidOf("Go2Connection")),
  },
];

/** Latches it, and sees that the robot stands, also after the reset. */
async function estop(robot: Robot) {
  let report: Promise<unknown> | undefined;
  const atMs = robot.happens(() => {
    report = robot.app.estop("a trial");
  });
  const stoodMs = await robot.truth.stood(atMs);
  await report;
  return { atMs, stoodMs };
}

async function reset(robot: Robot, standsSinceMs: number) {
  await robot.app.resetEstop();
  await robot.truth.stayed(standsSinceMs, STAYS_MS);
}

async function duringLoad(robot: Robot) {
  const abort = new AbortController();
  const { end } = await robot.walk();
  const loads = Promise.withResolvers<void>();
  const loaded = robot.app.run(SLOW_LOAD, { signal: abort.signal, onProgress: () => loads.resolve() }).then(
    () => "loaded",
    (error: Error) => error.message,
  );
  await begun(loads.promise, loaded);
  await robot.truth.walks(end);
  const { atMs, stoodMs } = await estop(robot);
  abort.abort();
  // What an aborted load leaves to be undone is gone before the run is ready for the next trial.
  if ((await loaded) === "loaded") await robot.app.unload("SlowLoad");
  await end.catch(() => {});
  await reset(robot, atMs + stoodMs);
  return { stoodMs };
}

/** A module that the drive does not need, and that takes its time to start. */
async function duringRestart(robot: Robot) {
  if (!robot.app.listModules().some(({ instance }) => instance === "SlowLoad")) await robot.app.run(SLOW_LOAD);
  const { end } = await robot.walk();
  const restarted = robot.app.restart("SlowLoad").then(
    () => "restarted",
    (error: Error) => error.message,
  );
  await begun(isRestarting(robot), restarted);
  await robot.truth.walks(end);
  const { atMs, stoodMs } = await estop(robot);
  await end.catch(() => {});
  await restarted;
  await reset(robot, atMs + stoodMs);
  return { stoodMs };
}

/** Resolves when a change is under way; rejects when it is over before that. */
async function begun(begins: Promise<void>, change: Promise<string>): Promise<void> {
  const how = await Promise.race([begins, change]);
  if (how !== undefined) throw new Error(`It was over before the emergency stop: ${how}`);
}

async function isRestarting({ app }: Robot): Promise<void> {
  for (;;) {
    const { modules } = await app.health();
    if (modules.find(({ instance }) => instance === "SlowLoad")?.state !== "running") return;
    await sleep(20);
  }
}

/** What floods the robot goes on to do so; it must not move it, and nothing that waited may move it after the reset. */
async function fullQueue(robot: Robot) {
  const { end } = await robot.walk();
  const flood = robot.program("flooding", [robot.run.endpoint, "cmdVel"]);
  await once(flood, "message");
  const { atMs, stoodMs } = await estop(robot);
  await end.catch(() => {});
  const exited = once(flood, "exit");
  flood.kill("SIGKILL");
  await exited;
  await reset(robot, atMs + stoodMs);
  return { stoodMs };
}

async function withStopped(robot: Robot, pid: number) {
  const { end } = await robot.walk();
  robot.stop(pid);
  const { atMs, stoodMs } = await estop(robot);
  robot.goOn(pid);
  await end.catch(() => {});
  await robot.ready();
  await robot.truth.stayed(atMs + stoodMs, STAYS_MS);
  return { stoodMs };
}

import {
  BOUND_MS,
  CALLER_BOUND_MS,
  COORDINATOR_BOUND_MS,
  type Condition,
  MAPPER_BOUND_MS,
  STAYS_MS,
} from "./condition.ts";
import type { Robot } from "./robot.ts";

/** A stopped process goes on after this: longer than what is forgiven. Milliseconds. */
const STOPPED_MS = 3_000;
/** The simulator: longer than the planner has patience with a robot that says nothing. */
const SIMULATOR_STOPPED_MS = 4_000;

const HOSTS = [
  { id: "planner", what: "planner", instance: "ReplanningAStarPlanner" },
  { id: "mapper", what: "mapper", instance: "VoxelGridMapper" },
  { id: "connection", what: "connection (the actuator)", instance: "Go2Connection" },
  { id: "mover", what: "what passes velocities on", instance: "MovementManager" },
  { id: "worker", what: "worker of the skill that moves the robot", instance: "NavigationSkills" },
] as const;

const STOPPED_BOUNDS_MS: Readonly<Record<string, number>> = {
  // To the planner, the worker of the skill is a caller.
  worker: CALLER_BOUND_MS,
  // The planner hears after 1 s or a little more that it is stopped, and drives by no map that is older than 1.5 s.
  mapper: MAPPER_BOUND_MS,
};

/** A process of the run is killed, or stopped and goes on later. */
export const processes: readonly Condition[] = [
  ...HOSTS.flatMap(({ id, what, instance }): Condition[] => [
    {
      id: `${id}-killed`,
      what: `${what} killed`,
      boundMs: BOUND_MS,
      trial: (robot) => killed(robot, instance),
    },
    {
      id: `${id}-stopped`,
      what: `${what} stopped`,
      boundMs: STOPPED_BOUNDS_MS[id] ?? BOUND_MS,
      trial: (robot) => stopped(robot, () => robot.pidOf(instance)),
    },
  ]),
  { id: "simulator-killed", what: "simulator killed", boundMs: BOUND_MS, trial: simulatorKilled },
  {
    id: "simulator-stopped",
    what: "simulator stopped, from when it goes on",
    boundMs: BOUND_MS,
    trial: simulatorStopped,
  },
  { id: "coordinator-killed", what: "coordinator killed", boundMs: BOUND_MS, trial: coordinatorKilled },
  {
    id: "coordinator-stopped",
    what: "coordinator stopped",
    boundMs: COORDINATOR_BOUND_MS,
    trial: (robot) => stopped(robot, () => robot.run.pid),
  },
];

async function killed(robot: Robot, instance: string) {
  const { end } = await robot.walk();
  const pid = robot.pidOf(instance);
  const atMs = robot.happens(() => robot.kill(pid));
  const stoodMs = await robot.truth.stood(atMs);
  // Its successor may be ready only now.
  await end.catch(() => {});
  await robot.ready();
  await robot.truth.stayed(atMs + stoodMs, STAYS_MS);
  return { stoodMs };
}

async function stopped(robot: Robot, pidOf: () => number) {
  const { end } = await robot.walk();
  const pid = pidOf();
  const atMs = robot.happens(() => robot.stop(pid));
  const stoodMs = await robot.truth.stood(atMs);
  await robot.truth.stayed(atMs + stoodMs, STOPPED_MS - stoodMs);
  const onMs = robot.goOn(pid);
  await end.catch(() => {});
  await robot.truth.stayed(onMs, STAYS_MS);
  return { stoodMs };
}

/** The robot is gone with its process; the next one stands at the start of the world. */
async function simulatorKilled(robot: Robot) {
  const { end } = await robot.walk();
  const pid = await robot.truth.pid;
  const atMs = robot.happens(() => robot.kill(pid));
  await robot.truth.closed();
  const stoodMs = await robot.truth.stood(atMs);
  await end.catch(() => {});
  const sinceMs = atMs + stoodMs;
  await robot.ready();
  await robot.truth.stayed(sinceMs, STAYS_MS);
  return { stoodMs };
}

/** Nothing is simulated meanwhile. What counts is what the robot does with all that was said to it when it goes on. */
async function simulatorStopped(robot: Robot) {
  const { end } = await robot.walk();
  const pid = await robot.truth.pid;
  const atMs = robot.happens(() => robot.stop(pid));
  await new Promise((resolve) => setTimeout(resolve, SIMULATOR_STOPPED_MS));
  if (robot.truth.heardMs - atMs > SIMULATOR_STOPPED_MS / 2) throw new Error("The simulator was not stopped");
  const onMs = robot.goOn(pid);
  const stoodMs = await robot.truth.stood(onMs);
  await end.catch(() => {});
  await robot.truth.stayed(onMs + stoodMs, STAYS_MS);
  return { stoodMs };
}

async function coordinatorKilled(robot: Robot) {
  await robot.walk();
  const atMs = robot.happens(() => robot.kill(robot.run.pid));
  await robot.truth.closed();
  const stoodMs = await robot.truth.stood(atMs);
  await robot.ended();
  return { stoodMs, endsRun: true };
}

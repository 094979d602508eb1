import { once } from "node:events";
import { BOUND_MS, CALLER_BOUND_MS, type Condition, STAYS_MS } from "./condition.ts";
import type { Robot } from "./robot.ts";

/** A program that sends the robot is killed, stopped, or cut off without a word. */
export const callers: readonly Condition[] = [
  {
    id: "caller-killed",
    what: "caller killed",
    boundMs: BOUND_MS,
    trial: (robot) => killed(robot, robot.run.endpoint),
  },
  {
    id: "caller-killed-tcp",
    what: "caller killed, over TCP",
    boundMs: BOUND_MS,
    trial: (robot) => killed(robot, tcpEndpoint(robot)),
  },
  {
    id: "caller-stopped",
    what: "caller stopped",
    boundMs: CALLER_BOUND_MS,
    trial: (robot) => stopped(robot, robot.run.endpoint),
  },
  {
    id: "caller-stopped-tcp",
    what: "caller stopped, over TCP",
    boundMs: CALLER_BOUND_MS,
    trial: (robot) => stopped(robot, tcpEndpoint(robot)),
  },
  {
    id: "caller-half-open",
    what: "caller half-open: nothing passes any more, and no connection ends",
    boundMs: CALLER_BOUND_MS,
    trial: halfOpen,
  },
];

async function killed(robot: Robot, endpoint: string) {
  const caller = await robot.caller(endpoint);
  const atMs = robot.happens(() => caller.kill("SIGKILL"));
  return { stoodMs: await robot.truth.stood(atMs) };
}

async function stopped(robot: Robot, endpoint: string) {
  const caller = await robot.caller(endpoint);
  const pid = caller.pid as number;
  const atMs = robot.happens(() => robot.stop(pid));
  const stoodMs = await robot.truth.stood(atMs);
  const heard = once(caller, "message");
  const onMs = robot.goOn(pid);
  await heard;
  await robot.truth.stayed(onMs, STAYS_MS);
  return { stoodMs };
}

async function halfOpen(robot: Robot) {
  const network = robot.program("half-open", [new URL(tcpEndpoint(robot)).port]);
  const [port] = (await once(network, "message")) as [number];
  const endpoint = new URL(tcpEndpoint(robot));
  endpoint.port = String(port);
  await robot.caller(String(endpoint));
  const atMs = robot.happens(() => network.send("silence"));
  return { stoodMs: await robot.truth.stood(atMs) };
}

function tcpEndpoint({ run }: Robot): string {
  if (run.tcpEndpoint === undefined) throw new Error("The run does not listen over TCP");
  return run.tcpEndpoint;
}

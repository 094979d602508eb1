import { BOUND_MS, type Condition, STAYS_MS } from "./condition.ts";
import type { Robot } from "./robot.ts";

/** Two programs want the robot at once, each for a place of its own, and neither takes no for an answer. */
export const fights: readonly Condition[] = [
  { id: "fight-estop", what: "two callers fight, then estop", boundMs: BOUND_MS, trial: stoppedBoth },
  { id: "fight-killed", what: "two callers fight, then both are killed", boundMs: BOUND_MS, trial: killedBoth },
];

async function fight(robot: Robot) {
  const places = [
    { x: 3, y: 5.2 },
    { x: 12, y: 5.2 },
  ];
  robot.truth.begin();
  const first = robot.going(places);
  const second = robot.going(places.toReversed());
  await robot.truth.walks();
  return { first, second };
}

async function stoppedBoth(robot: Robot) {
  await fight(robot);
  let report: Promise<unknown> | undefined;
  const atMs = robot.happens(() => {
    report = robot.app.estop("a trial");
  });
  const stoodMs = await robot.truth.stood(atMs);
  await report;
  await robot.truth.stayed(atMs + stoodMs, STAYS_MS);
  return { stoodMs };
}

async function killedBoth(robot: Robot) {
  const { first, second } = await fight(robot);
  const atMs = robot.happens(() => {
    first.kill("SIGKILL");
    second.kill("SIGKILL");
  });
  return { stoodMs: await robot.truth.stood(atMs) };
}

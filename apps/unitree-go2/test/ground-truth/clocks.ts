import { setTimeout as sleep } from "node:timers/promises";
import type { FakeClock } from "../clock/faketime.ts";
import { BOUND_MS, type Condition } from "./condition.ts";
import { monotonicMs } from "./monotonic.ts";
import type { Robot } from "./robot.ts";

/** Longer than the robot walks on an old map, or without odometry. Milliseconds. */
const WALKS_ON_MS = 2_000;
const SETTING_TIMEOUT_MS = 20_000;

/** The host's clock is set while the robot walks. It walks on, by sensors that still see, and stands when it is told to. */
export function clockConditions(clock: FakeClock): readonly Condition[] {
  return [
    { id: "clock-back", what: "clock set back 10 minutes, then the call is aborted", seconds: -600 },
    { id: "clock-forward", what: "clock set forward an hour, then the call is aborted", seconds: 3600 },
  ].map(({ id, what, seconds }) => ({
    id,
    what,
    boundMs: BOUND_MS,
    needsClock: true,
    trial: (robot) => clockSet(robot, clock, seconds),
  }));
}

async function clockSet(robot: Robot, clock: FakeClock, seconds: number) {
  try {
    const { end, abort } = await robot.walk();
    const from = robot.truth.position.x;
    clock.set(seconds);
    await reads(robot, seconds);
    await sleep(WALKS_ON_MS);
    const walked = Math.abs(robot.truth.position.x - from);
    if (walked < 0.5 || !robot.truth.isWalking)
      throw new Error(`The robot walked ${walked.toFixed(2)} m under its new clock, and does not walk on`);
    const atMs = robot.happens(abort);
    const stoodMs = await robot.truth.stood(atMs);
    await end.catch(() => {});
    return { stoodMs };
  } finally {
    clock.set(0);
    await reads(robot, 0);
  }
}

/** Resolves when the run reads this time. */
async function reads({ app }: Robot, seconds: number): Promise<void> {
  const deadlineMs = monotonicMs() + SETTING_TIMEOUT_MS;
  for (;;) {
    const offMs = Date.parse(String(await app.skills.currentTime({}))) - Date.now() - seconds * 1000;
    if (Math.abs(offMs) < 30_000) return;
    if (monotonicMs() > deadlineMs) throw new Error("The run does not read its new clock");
    await sleep(20);
  }
}

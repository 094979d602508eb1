import { testModule } from "@dimos/core/testing";
import { type Odometry, quaternionFromYaw, timeFromSeconds } from "@dimos/msgs";
import { ReplanningAStarPlanner } from "../src/index.ts";
import { mapOf } from "./grid-drawing.ts";

export const ORIGIN = { position: { x: 0, y: 0, z: 0 }, orientation: quaternionFromYaw(0) };

export function odometry(x: number, y: number): Odometry {
  return {
    header: { stamp: timeFromSeconds(0), frameId: "odom" },
    childFrameId: "base_link",
    pose: { pose: { position: { x, y, z: 0.3 }, orientation: quaternionFromYaw(0) } },
    twist: { twist: { linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } } },
  };
}

/** A planner on an empty floor of 10 m by 10 m, with a robot at (5, 5) that odometry sees but that never moves. */
export async function planning({
  withMap = true,
  config = {},
  refs = {},
  validate = true,
  isOccupied = (_x: number): boolean => false,
} = {}) {
  const planner = await testModule(ReplanningAStarPlanner, { config, refs, validate });
  await planner.start();
  const see = () => {
    const { info, data } = mapOf(10, 10, 0.1, isOccupied);
    const stamp = timeFromSeconds(0);
    const message = { header: { stamp, frameId: "odom" }, info: { ...info, mapLoadTime: stamp, origin: ORIGIN } };
    return planner.publish("globalCostmap", { ...message, data: Int8Array.from(data) });
  };
  /** Time with odometry at 10 Hz, and a new map every second. */
  const live = async (seconds: number, { odom = true, map = withMap } = {}) => {
    for (let i = 0; i < Math.round(seconds * 10); i++) {
      if (map && i % 10 === 0) await see();
      if (odom) await planner.publish("odom", odometry(5, 5));
      await planner.clock.advance(100);
    }
  };
  const lastCommand = () => planner.published("navCmdVel").at(-1);
  await live(0.2);
  return { planner, live, lastCommand, [Symbol.asyncDispose]: () => planner.stop() };
}

export const STANDSTILL = { linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } };
export const poseAt = (x: number, y: number, frameId: string) => ({
  header: { stamp: timeFromSeconds(0), frameId },
  pose: { position: { x, y, z: 0 }, orientation: quaternionFromYaw(0) },
});

import { Module, skill } from "@dimos/core";
import { degreesFromRadians, radiansFromDegrees, wrapAngle } from "@dimos/msgs";
import { z } from "zod";
import { moveInFrame, planarDistance } from "../planar-pose.ts";
import { currentPose, freshPose } from "./current-pose.ts";
import { followGoal } from "./follow-goal.ts";
import { NavigationResult, NavigationState } from "./navigation-messages.ts";
import { OwnOdometry } from "./own-ports.ts";
import { ReplanningAStarPlanner } from "./replanning-a-star-planner.ts";

/** A relative move gives up after this. Seconds. */
const RELATIVE_MOVE_TIMEOUT_S = 100;
/** How much longer than the straight line a relative move may be: it stops at a wall and does not go round. Metres. */
const DETOUR_M = 0.5;

/** What an agent can make a Go2 do. Distances are measured by odometry, never taken from the request. */
export class UnitreeSkills extends Module({
  source: import.meta.url,
  inputs: { odom: OwnOdometry, navigationState: NavigationState, navigationResult: NavigationResult },
  refs: { planner: ReplanningAStarPlanner },
}) {
  /** Moves relative to where the robot stands and faces now, in metres, then turns. Stops in front of what is in the way. */
  relativeMove = skill(
    {
      description:
        "Move relative to where the robot stands and faces now, then turn. Stops in front of what is in the way.",
      // A distance under a wrong name must not become a move that goes nowhere and says "reached".
      input: z.strictObject({
        forward: z.number().default(0).describe("metres, negative is backwards"),
        left: z.number().default(0).describe("metres, negative is to the right"),
        degrees: z.number().default(0).describe("turn at the end, counter-clockwise, the shorter way: 270 is -90"),
      }),
      uses: ["movement"],
      timeoutMs: (RELATIVE_MOVE_TIMEOUT_S + 20) * 1000,
    },
    async ({ forward, left, degrees }, { signal, progress }) => {
      const start = await freshPose(this.odom, this.clock, signal);
      const goal = moveInFrame(start, forward, left, radiansFromDegrees(degrees));
      const options = { timeoutS: RELATIVE_MOVE_TIMEOUT_S, maxPathM: Math.hypot(forward, left) + DETOUR_M };
      const { status, error } = await followGoal(this, goal, options, { signal, progress });
      const end = await currentPose(this.odom);
      return {
        status,
        moved: planarDistance(start, end),
        turnedDegrees: degreesFromRadians(wrapAngle(end.yaw - start.yaw)),
        ...(error === undefined ? {} : { error }),
      };
    },
  );

  /** Waits, in seconds. */
  wait = skill(
    {
      description: "Wait.",
      input: z.object({ seconds: z.number().min(0).max(600).describe("how long") }),
      timeoutMs: 660_000,
    },
    async ({ seconds }, { signal }) => {
      await this.clock.sleep(seconds * 1000, { signal });
      return { waited: seconds };
    },
  );

  /** The date and time now, UTC. */
  currentTime = skill({ description: "The date and time now, UTC." }, () => this.clock.date().toISOString());
}

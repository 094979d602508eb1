import { Module, skill } from "@dimos/core";
import { degreesFromRadians } from "@dimos/msgs";
import { z } from "zod";
import { planarDistance } from "../planar-pose.ts";
import { currentPose, freshPose } from "./current-pose.ts";
import { followGoal } from "./follow-goal.ts";
import { APPROXIMATELY, toleranceOfMove } from "./move-tolerance.ts";
import { NavigationResult, NavigationState } from "./navigation-messages.ts";
import { planarPose } from "./odometry-pose.ts";
import { OwnOdometry } from "./own-ports.ts";
import { goalOfMove, RelativeMove } from "./relative-move.ts";
import { ReplanningAStarPlanner } from "./replanning-a-star-planner.ts";
import { TurnedAngle } from "./turned-angle.ts";

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
      description: `Move relative to where the robot stands and faces now, then turn. Stops in front of what is in the way, also behind it. ${APPROXIMATELY}`,
      input: RelativeMove,
      uses: ["movement"],
      timeoutMs: (RELATIVE_MOVE_TIMEOUT_S + 20) * 1000,
    },
    async (move, { signal, progress }) => {
      const start = await freshPose(this.odom, this.clock, signal);
      const { goal, options } = goalOfMove(start, move);
      const limits = { timeoutS: RELATIVE_MOVE_TIMEOUT_S, maxPathM: Math.hypot(move.forward, move.left) + DETOUR_M };
      const turned = new TurnedAngle(start);
      const leave = this.odom.subscribe((odometry) => turned.add(planarPose(odometry)));
      try {
        const { status, error } = await followGoal(this, goal, { ...limits, ...options }, { signal, progress });
        const end = await currentPose(this.odom);
        turned.add(end);
        const turnedDegrees = degreesFromRadians(turned.radians);
        return {
          status,
          moved: planarDistance(start, end),
          turnedDegrees,
          distanceLeft: planarDistance(end, goal),
          degreesLeft: move.degrees - turnedDegrees,
          tolerance: toleranceOfMove(options),
          ...(error === undefined ? {} : { error }),
        };
      } finally {
        leave();
      }
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

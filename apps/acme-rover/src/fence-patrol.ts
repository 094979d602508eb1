import { Module, type PathLoss, skill } from "@dimos/core";
import { inFrame, Odometry, PointCloud, Twist, wrapAngle, yawFromQuaternion } from "@dimos/msgs";
import { z } from "zod";
import { LaneWatch } from "./lane-watch.ts";
import { Patience } from "./patience.ts";

const CONTROL_PERIOD_MS = 100;
/** A corner counts as reached this near. Metres. */
const CORNER_TOLERANCE_M = 0.15;
/** What is nearer ahead than this stops the rover, and ends the patrol when it stays so long. Metres, milliseconds. */
const KEEP_OFF_M = 0.6;
const PATIENCE_MS = 5000;
/** Older odometry says nothing about where the rover is now. Milliseconds. */
const PLACE_MAX_AGE_MS = 500;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly yaw: number;
}

/** Drives along a fence. Works with every robot that takes velocities and reports odometry and lidar. */
export class FencePatrol extends Module({
  source: import.meta.url,
  config: z.object({
    corners: z
      .array(z.object({ x: z.number(), y: z.number() }))
      .min(2)
      .default([
        { x: 10.8, y: 1.2 },
        { x: 10.8, y: 6.8 },
        { x: 1.2, y: 6.8 },
        { x: 1.2, y: 1.2 },
      ])
      .describe("driven to one after the other, metres in the frame of the odometry"),
    speed: z.number().positive().default(0.6).describe("m/s"),
  }),
  inputs: {
    odom: { type: Odometry, checks: [inFrame("odom", { childFrameId: "base_link" })] },
    // x is ahead and y to the left of the rover.
    lidar: { type: PointCloud, checks: [inFrame("lidar_link")] },
  },
  outputs: { cmdVel: Twist },
}) {
  readonly #lane = new LaneWatch();
  #place: Place | undefined;
  #locatedMs = Number.NEGATIVE_INFINITY;

  override async start() {
    this.lidar.subscribe(({ xyz }) => this.#lane.take(xyz, this.clock.now()));
    this.odom.subscribe(({ pose: { pose } }) => {
      this.#place = { x: pose.position.x, y: pose.position.y, yaw: yawFromQuaternion(pose.orientation) };
      this.#locatedMs = this.clock.now();
    });
  }

  /** Drives along the fence. Reports the metres that odometry measured, never what was asked for. */
  patrol = skill(
    {
      description: `Drive along the fence of the yard, and stop in front of what is in the way. A corner is reached within ${CORNER_TOLERANCE_M} m.`,
      input: z.object({ rounds: z.int().min(1).max(100).default(1) }),
      uses: ["movement"],
      timeoutMs: 120_000,
    },
    async ({ rounds }, { signal: asked, progress }) => {
      // A rover, or a sensor, that was lost on the way comes back, and the rover would drive on without having been asked.
      const lost = new AbortController();
      const lose = ({ instance, reason }: PathLoss) =>
        lost.abort(new Error(`${instance} was lost: ${reason}. The rover stops; ask again.`));
      const leave = [this.cmdVel.onPathLost(lose), this.odom.onSourceLost(lose), this.lidar.onSourceLost(lose)];
      const signal = AbortSignal.any([asked, lost.signal]);
      let moved = 0;
      let corners = 0;
      let last: Place | undefined;
      const patience = new Patience(PATIENCE_MS, this.clock.now());
      try {
        while (corners < rounds * this.config.corners.length) {
          await this.clock.sleep(CONTROL_PERIOD_MS, { signal });
          const corner = this.config.corners[corners % this.config.corners.length] as { x: number; y: number };
          const here = this.#isLost ? undefined : this.#place;
          if (here !== undefined) {
            moved += last === undefined ? 0 : Math.hypot(here.x - last.x, here.y - last.y);
            last = here;
            if (Math.hypot(corner.x - here.x, corner.y - here.y) < CORNER_TOLERANCE_M) {
              corners++;
              progress({ corners, moved });
              continue;
            }
          }
          const isFree = this.#drive(here, corner);
          if (patience.isOver(isFree, this.clock.now()))
            return { status: "blocked", corners, moved, error: this.#whyNotFree() };
        }
        return { status: "reached", corners, moved };
      } catch (error) {
        if (!signal.aborted) throw error;
        return { status: "cancelled", corners, moved, error: (signal.reason as Error).message };
      } finally {
        for (const end of leave) end();
        void this.cmdVel.publish(velocity(0, 0));
      }
    },
  );

  /** Turns towards the corner first, then drives; stands while something is in the way. Returns whether nothing is. */
  #drive(here: Place | undefined, corner: { x: number; y: number }): boolean {
    if (here === undefined || this.#lane.whyBlind(this.clock.now()) !== undefined) {
      void this.cmdVel.publish(velocity(0, 0));
      return false;
    }
    const turn = wrapAngle(Math.atan2(corner.y - here.y, corner.x - here.x) - here.yaw);
    const isTurning = Math.abs(turn) > 0.3;
    const distance = Math.hypot(corner.x - here.x, corner.y - here.y);
    const isFree = isTurning || this.#lane.aheadM(this.clock.now()) > Math.min(KEEP_OFF_M, distance);
    const speed = isTurning || !isFree ? 0 : Math.min(this.config.speed, 0.2 + distance);
    void this.cmdVel.publish(velocity(speed, Math.max(-1.2, Math.min(1.2, 2 * turn))));
    return isFree;
  }

  get #isLost(): boolean {
    return this.clock.now() - this.#locatedMs > PLACE_MAX_AGE_MS;
  }

  #whyNotFree(): string {
    if (this.#isLost) return unusable("odometry", this.odom.fault) ?? "No odometry comes.";
    const blind = this.#lane.whyBlind(this.clock.now());
    if (blind !== undefined) return unusable("lidar", this.lidar.fault) ?? blind;
    return "Something stands on the way along the fence.";
  }
}

function unusable(what: string, fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `The ${what} cannot be used: ${fault}.`;
}

function velocity(forward: number, turn: number): Twist {
  return { linear: { x: forward, y: 0, z: 0 }, angular: { x: 0, y: 0, z: turn } };
}

import { moveInFrame, type PlanarPose } from "../planar-pose.ts";
import { BODY_LENGTH_M, ROBOT_WIDTH_M } from "../simulator/body.ts";
import { STANDSTILL, type Velocity } from "../simulator/lagged-velocity.ts";
import type { PlanningGrid } from "./planning-grid.ts";

/** How far ahead a command is looked at: the control period, the lag of the legs and the way to a halt. Seconds. */
const HORIZON_S = 0.5;
/** The rectangle that must stay free is larger than the robot by this much on every side, when it walks. Metres. */
const WALKING_SKIN_M = 0.04;
/** When it only turns: every place that a path passes has room for that. */
const TURNING_SKIN_M = 0.01;
/** Where nothing else goes, the robot steps towards more room, m/s. */
const BACK_OFF_MPS = 0.15;
const BACK_OFF_DIRECTIONS = 16;

/**
 * The command, without the part of it (walking, turning, or both) that would bring the robot onto an obstacle. When
 * nothing of it is left, a slow step to where there is more room.
 */
export function guardCommand(grid: PlanningGrid, pose: PlanarPose, command: Velocity): Velocity {
  const walking = { ...command, vyaw: 0 };
  const turning = { ...STANDSTILL, vyaw: command.vyaw };
  const free = [command, walking, turning].find((candidate) => isMotion(candidate) && isFree(grid, pose, candidate));
  return free ?? (isMotion(command) ? backOff(grid, pose) : STANDSTILL);
}

function isMotion({ vx, vy, vyaw }: Velocity): boolean {
  return vx !== 0 || vy !== 0 || vyaw !== 0;
}

function backOff(grid: PlanningGrid, pose: PlanarPose): Velocity {
  let best = STANDSTILL;
  let room = grid.clearanceAt(pose.x, pose.y);
  for (let i = 0; i < BACK_OFF_DIRECTIONS; i++) {
    const angle = (2 * Math.PI * i) / BACK_OFF_DIRECTIONS;
    const step = { vx: BACK_OFF_MPS * Math.cos(angle), vy: BACK_OFF_MPS * Math.sin(angle), vyaw: 0 };
    const there = moveInFrame(pose, step.vx, step.vy);
    const clearance = grid.clearanceAt(there.x, there.y);
    if (clearance <= room || !isFree(grid, pose, step)) continue;
    best = step;
    room = clearance;
  }
  return best;
}

function isFree(grid: PlanningGrid, pose: PlanarPose, { vx, vy, vyaw }: Velocity): boolean {
  const skin = grid.margin + (vx === 0 && vy === 0 ? TURNING_SKIN_M : WALKING_SKIN_M);
  const now = touchedCells(grid, pose, skin);
  for (const share of [0.5, 1]) {
    const t = share * HORIZON_S;
    const then = moveInFrame(pose, vx * t, vy * t, vyaw * t);
    // What the skin touches already must not forbid to move away from it.
    for (const cell of touchedCells(grid, then, skin)) if (!now.has(cell)) return false;
  }
  return true;
}

/** Obstacle cells inside the robot's rectangle and its skin. */
function touchedCells(grid: PlanningGrid, pose: PlanarPose, skin: number): Set<number> {
  const touched = new Set<number>();
  const [cos, sin] = [Math.cos(pose.yaw), Math.sin(pose.yaw)];
  const [halfLength, halfWidth] = [BODY_LENGTH_M / 2 + skin, ROBOT_WIDTH_M / 2 + skin];
  const columns = Math.ceil((2 * halfLength) / grid.resolution);
  const rows = Math.ceil((2 * halfWidth) / grid.resolution);
  for (let i = 0; i <= columns; i++) {
    const along = -halfLength + (2 * halfLength * i) / columns;
    for (let j = 0; j <= rows; j++) {
      const across = -halfWidth + (2 * halfWidth * j) / rows;
      const cell = grid.cellAt(pose.x + cos * along - sin * across, pose.y + sin * along + cos * across);
      if (cell >= 0 && grid.obstacles[cell] !== 0) touched.add(cell);
    }
  }
  return touched;
}

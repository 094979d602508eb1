import { Go2Error } from "../errors.ts";
import type { PlanarPose } from "../planar-pose.ts";
import type { Point2 } from "../planning/path-shape.ts";
import type { CostmapMessage } from "../planning/planning-grid.ts";
import { BODY_LENGTH_M, ROBOT_WIDTH_M } from "../simulator/body.ts";
import { corners } from "../world/rectangle.ts";
import { Canvas, type Color } from "./canvas.ts";
import {
  FREE,
  GOAL,
  GRID_LINE,
  INFLATED,
  NEAR,
  OCCUPIED,
  OTHER,
  PATH,
  ROBOT,
  TRAIL,
  UNKNOWN,
  WHITE,
} from "./map-colors.ts";
import { withLegend } from "./map-legend.ts";
import type { Picture } from "./png.ts";

const MARGIN_M = 0.4;
/** 8,000 x 8,000. A larger picture comes of something that is far off the map. */
const MAX_PIXELS = 64e6;

export interface MapScene {
  readonly costmap: CostmapMessage;
  readonly robot: PlanarPose;
  /** The way ahead. */
  readonly path?: readonly Point2[];
  /** Where the robot has been. */
  readonly trail?: readonly Point2[];
  /** Other robots, each with where it has been. */
  readonly others?: readonly { readonly robot: PlanarPose; readonly trail: readonly Point2[] }[];
  readonly goal?: (Point2 & { readonly yaw?: number | undefined }) | undefined;
}

/**
 * Draws map, trail, path, goal and robot from above: x to the right, y up, a line every metre. Occupied cells are dark,
 * cells near them orange, unknown ones grey. Cut to what has been seen, with a legend below.
 *
 * @param pixelsPerMetre default 48
 */
export function drawMap(scene: MapScene, pixelsPerMetre = 48): Picture {
  return withLegend(drawScene(scene, pixelsPerMetre), scene, pixelsPerMetre);
}

function drawScene(
  { costmap, robot, path = [], trail = [], others = [], goal }: MapScene,
  pixelsPerMetre: number,
): Canvas {
  const elsewhere = others.flatMap((other) => [other.robot, ...other.trail]);
  const area = seenArea(costmap, [robot, ...path, ...trail, ...elsewhere, ...(goal === undefined ? [] : [goal])]);
  const width = Math.max(Math.round((area.right - area.left) * pixelsPerMetre), 1);
  const height = Math.max(Math.round((area.top - area.bottom) * pixelsPerMetre), 1);
  if (!(width * height <= MAX_PIXELS))
    throw new Go2Error(
      "BAD_MAP",
      `A picture of ${width} x ${height} pixels is not drawn. Are the map, the robot and its way near each other?`,
    );
  const canvas = new Canvas(width, height);
  const pixel = ({ x, y }: Point2) => [(x - area.left) * pixelsPerMetre, (area.top - y) * pixelsPerMetre] as const;
  drawCells(canvas, costmap, area, pixelsPerMetre);
  drawMetreGrid(canvas, area, pixelsPerMetre);
  for (const other of others) canvas.line(other.trail.map(pixel), 0.05 * pixelsPerMetre, OTHER, 0.8);
  canvas.line(trail.map(pixel), 0.05 * pixelsPerMetre, others.length === 0 ? TRAIL : ROBOT, 0.8);
  canvas.line(path.map(pixel), 0.13 * pixelsPerMetre, WHITE, 0.9);
  canvas.line(path.map(pixel), 0.075 * pixelsPerMetre, PATH);
  if (goal !== undefined) drawGoal(canvas, goal, pixel, pixelsPerMetre);
  for (const other of others) drawRobot(canvas, other.robot, OTHER, pixel, pixelsPerMetre);
  drawRobot(canvas, robot, ROBOT, pixel, pixelsPerMetre);
  return canvas;
}

interface Area {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

type ToPixel = (point: Point2) => readonly [number, number];

function seenArea({ info, data }: CostmapMessage, points: readonly Point2[]): Area {
  const { x: originX, y: originY } = info.origin.position;
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  let [left, right] = [Math.min(...xs), Math.max(...xs)];
  let [bottom, top] = [Math.min(...ys), Math.max(...ys)];
  for (let cell = 0; cell < data.length; cell++) {
    if ((data[cell] as number) < 0) continue;
    const x = originX + (cell % info.width) * info.resolution;
    const y = originY + Math.floor(cell / info.width) * info.resolution;
    if (x < left) left = x;
    if (x + info.resolution > right) right = x + info.resolution;
    if (y < bottom) bottom = y;
    if (y + info.resolution > top) top = y + info.resolution;
  }
  return { left: left - MARGIN_M, bottom: bottom - MARGIN_M, right: right + MARGIN_M, top: top + MARGIN_M };
}

function drawCells(canvas: Canvas, { info, data }: CostmapMessage, area: Area, pixelsPerMetre: number): void {
  for (let row = 0; row < canvas.height; row++) {
    const y = area.top - (row + 0.5) / pixelsPerMetre;
    const cy = Math.floor((y - info.origin.position.y) / info.resolution);
    for (let column = 0; column < canvas.width; column++) {
      const x = area.left + (column + 0.5) / pixelsPerMetre;
      const cx = Math.floor((x - info.origin.position.x) / info.resolution);
      const isOnMap = cx >= 0 && cy >= 0 && cx < info.width && cy < info.height;
      canvas.set(column, row, costColor(isOnMap ? (data[cy * info.width + cx] as number) : -1));
    }
  }
}

function costColor(value: number): Color {
  if (value < 0) return UNKNOWN;
  if (value >= 100) return OCCUPIED;
  if (value >= 99) return INFLATED;
  const share = value / 99;
  const mix = (i: 0 | 1 | 2) => FREE[i] + (NEAR[i] - FREE[i]) * share;
  return [mix(0), mix(1), mix(2)];
}

function drawMetreGrid(canvas: Canvas, area: Area, pixelsPerMetre: number): void {
  for (let x = Math.ceil(area.left); x < area.right; x++) {
    const column = Math.floor((x - area.left) * pixelsPerMetre);
    for (let row = 0; row < canvas.height; row++) canvas.blend(column, row, GRID_LINE, x % 5 === 0 ? 0.28 : 0.12);
  }
  for (let y = Math.ceil(area.bottom); y < area.top; y++) {
    const row = Math.floor((area.top - y) * pixelsPerMetre);
    for (let column = 0; column < canvas.width; column++) {
      canvas.blend(column, row, GRID_LINE, y % 5 === 0 ? 0.28 : 0.12);
    }
  }
}

function drawGoal(canvas: Canvas, goal: Point2 & { readonly yaw?: number | undefined }, pixel: ToPixel, scale: number) {
  const [x, y] = pixel(goal);
  canvas.disc(x, y, 0.2 * scale, GOAL, 0.25);
  if (goal.yaw !== undefined) {
    const tip = { x: goal.x + 0.38 * Math.cos(goal.yaw), y: goal.y + 0.38 * Math.sin(goal.yaw) };
    canvas.line([[x, y], pixel(tip)], 0.06 * scale, GOAL);
  }
  canvas.disc(x, y, 0.11 * scale, WHITE);
  canvas.disc(x, y, 0.08 * scale, GOAL);
}

function drawRobot(canvas: Canvas, robot: PlanarPose, color: Color, pixel: ToPixel, scale: number): void {
  const outline = (growth: number) =>
    corners({ ...robot, length: BODY_LENGTH_M - 0.1 + growth, width: ROBOT_WIDTH_M - 0.1 + growth })
      .map(([x, y]) => pixel({ x, y }))
      .reverse();
  canvas.polygon(outline(0.08), 0.05 * scale, WHITE);
  canvas.polygon(outline(0), 0.05 * scale, color);
  const at = (forward: number, left: number) =>
    pixel({
      x: robot.x + forward * Math.cos(robot.yaw) - left * Math.sin(robot.yaw),
      y: robot.y + forward * Math.sin(robot.yaw) + left * Math.cos(robot.yaw),
    });
  canvas.polygon([at(0.2, 0), at(0.02, -0.09), at(0.02, 0.09)], 0.01 * scale, WHITE);
}

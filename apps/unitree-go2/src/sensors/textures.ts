import type { FloorKind } from "../world/world.ts";
import { LAMP_SPACING_M } from "./floor-light.ts";

const PLANK_WIDTH_M = 0.14;
const PLANK_LENGTH_M = 1.3;
const CARPET_TILE_M = 0.5;
const FLOOR_TILE_M = 0.4;

/** A number in [0, 1) that looks random and is the same for the same pair. */
export function hash2(a: number, b: number): number {
  let h = Math.imul(a, 0x27d4eb2d) ^ Math.imul(b, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return ((h ^ (h >>> 13)) >>> 0) / 4294967296;
}

/** Brightness of the floor's pattern at a point, about 1; `detail` from 0 (far away: none) to 1. */
export function floorTone(kind: FloorKind, x: number, y: number, detail: number): number {
  if (kind === "wood") return 1 + (plank(x, y) - 1) * (0.35 + 0.65 * detail);
  if (kind === "carpet") return 1 + (carpet(x, y) - 1) * detail;
  return 1 + (tile(x, y) - 1) * detail;
}

function plank(x: number, y: number): number {
  const across = y / PLANK_WIDTH_M;
  const row = Math.floor(across);
  const along = x / PLANK_LENGTH_M + hash2(row, 7);
  const board = Math.floor(along);
  const isSeam = across - row < 0.05 || along - board < 0.006;
  const grain = hash2(Math.floor(x * 9), Math.floor(y * 90)) * 0.06;
  return (0.86 + 0.2 * hash2(row, board) + grain) * (isSeam ? 0.72 : 1);
}

function carpet(x: number, y: number): number {
  const isDark = ((Math.floor(x / CARPET_TILE_M) + Math.floor(y / CARPET_TILE_M)) & 1) === 1;
  return (isDark ? 0.93 : 1) + 0.12 * (hash2(Math.floor(x * 70), Math.floor(y * 70)) - 0.5);
}

function tile(x: number, y: number): number {
  const [u, v] = [x / FLOOR_TILE_M, y / FLOOR_TILE_M];
  const [column, row] = [Math.floor(u), Math.floor(v)];
  if (u - column < 0.03 || v - row < 0.03) return 0.8;
  return 0.96 + 0.07 * hash2(column, row);
}

/** Brightness of the ceiling at a point: plates, and square lamps over the pools of light on the floor. */
export function ceilingTone(x: number, y: number): number {
  const [u, v] = [x / LAMP_SPACING_M, y / LAMP_SPACING_M];
  const [fu, fv] = [Math.abs(u - Math.floor(u) - 0.5), Math.abs(v - Math.floor(v) - 0.5)];
  if (fu < 0.14 && fv < 0.14) return 1.3;
  const glow = Math.max(0.32 - Math.max(fu, fv), 0) * 0.5;
  const [pu, pv] = [u * 4 - Math.floor(u * 4), v * 4 - Math.floor(v * 4)];
  return (pu < 0.03 || pv < 0.03 ? 0.86 : 0.9) + glow;
}

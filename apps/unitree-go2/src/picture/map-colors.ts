import type { Color } from "./canvas.ts";

export const UNKNOWN: Color = [203, 205, 210];
export const FREE: Color = [250, 249, 246];
export const NEAR: Color = [246, 214, 176];
export const INFLATED: Color = [240, 186, 140];
export const OCCUPIED: Color = [44, 52, 68];
export const GRID_LINE: Color = [120, 126, 140];
export const PATH: Color = [38, 110, 230];
export const TRAIL: Color = [120, 128, 142];
export const GOAL: Color = [222, 62, 72];
export const ROBOT: Color = [22, 150, 120];
export const OTHER: Color = [150, 84, 200];
export const WHITE: Color = [255, 255, 255];

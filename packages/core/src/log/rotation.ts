import { renameSync } from "node:fs";

/** A file that is full becomes `<name>.1.jsonl`, the one before `<name>.2.jsonl`, up to this many. */
const KEEP_ROTATED = 4;

/** `w0.jsonl` after that many rotations: `w0.2.jsonl`. */
export function rotatedPath(path: string, rotation: number): string {
  return rotation === 0 ? path : path.replace(/(\.[^./]+)$/, `.${rotation}$1`);
}

/** Makes room for a file's next rotation: each older one moves on by one, and the oldest is overwritten. */
export function shiftRotated(path: string): void {
  for (let rotation = KEEP_ROTATED; rotation > 1; rotation--)
    renameIfThere(rotatedPath(path, rotation - 1), rotatedPath(path, rotation));
}

export function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

import type { ColumnMap, Integrated } from "./column-map.ts";

/** What goes on is said again after this. Milliseconds. */
const QUIET_MS = 60_000;

/** Tells that a map has come to its largest size: what it leaves out, and what it forgets. At most one line of each a minute. */
export class LargestMapNotice {
  readonly #map: ColumnMap;
  readonly #module: string;
  readonly #warn: (text: string) => void;
  #saidBeyondMs = Number.NEGATIVE_INFINITY;
  #saidForgotMs = Number.NEGATIVE_INFINITY;

  /** @param module whose setting `maxSize` is the remedy */
  constructor(map: ColumnMap, module: string, warn: (text: string) => void) {
    this.#map = map;
    this.#module = module;
    this.#warn = warn;
  }

  /** @param nowMs by a steady clock */
  take({ points, beyond, forgot }: Integrated, nowMs: number): void {
    const { maxSize } = this.#map;
    const size = `${maxSize} m by ${maxSize} m`;
    const remedy = `Raise maxSize of ${this.#module}, 200 m at most`;
    if (beyond > 0 && nowMs - this.#saidBeyondMs >= QUIET_MS) {
      this.#saidBeyondMs = nowMs;
      this.#warn(
        `${beyond} of ${points} points of a scan lie beyond the largest map, ${size}, and are left out. ${remedy}, to map them.`,
      );
    }
    if (forgot && nowMs - this.#saidForgotMs >= QUIET_MS) {
      this.#saidForgotMs = nowMs;
      this.#warn(
        `The map has its largest size, ${size}. It follows the robot and forgets what lies farthest behind it. ${remedy}, to keep more.`,
      );
    }
  }
}

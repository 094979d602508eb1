/** Only `standing` walks. `rising` and `lowering` take `POSTURE_CHANGE_S` each. */
export type Posture = "lying" | "rising" | "standing" | "lowering";

/** Time from lying to standing, and back. Seconds. */
export const POSTURE_CHANGE_S = 1.0;

/** The robot's posture over time; every method takes the simulation time in seconds. */
export class PostureControl {
  #posture: Posture;
  #changeDoneAt = 0;

  constructor(posture: "lying" | "standing") {
    this.#posture = posture;
  }

  get posture(): Posture {
    return this.#posture;
  }

  standUp(now: number): void {
    if (this.#posture === "standing" || this.#posture === "rising") return;
    this.#posture = "rising";
    this.#changeDoneAt = now + POSTURE_CHANGE_S;
  }

  lieDown(now: number): void {
    if (this.#posture === "lying" || this.#posture === "lowering") return;
    this.#posture = "lowering";
    this.#changeDoneAt = now + POSTURE_CHANGE_S;
  }

  advance(now: number): void {
    if (now < this.#changeDoneAt) return;
    if (this.#posture === "rising") this.#posture = "standing";
    if (this.#posture === "lowering") this.#posture = "lying";
  }

  /** 0 lying, 1 standing, in between while it changes. */
  heightShare(now: number): number {
    const left = Math.min(Math.max((this.#changeDoneAt - now) / POSTURE_CHANGE_S, 0), 1);
    if (this.#posture === "rising") return 1 - left;
    if (this.#posture === "lowering") return left;
    return this.#posture === "standing" ? 1 : 0;
  }
}

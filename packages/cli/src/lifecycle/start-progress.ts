import type { LoadPhase, LoadProgress } from "@dimos/core";

/** In this order every module goes through them; of `spawn` it is workers that come up. */
const PHASES: readonly LoadPhase[] = ["spawn", "deploy", "wire", "build", "start"];
const VERBS = { spawn: "spawn", deploy: "be deployed", wire: "be wired", build: "build", start: "start" } as const;
const SHOWN_MODULES = 5;

/** What a start waits for: the modules that have not come through its phase yet. */
export class StartProgress {
  readonly #modules: readonly string[];
  readonly #done = new Set<string>();
  #phase: LoadPhase = "spawn";
  #total: number | undefined;

  /** @param modules instance names of everything that is to start */
  constructor(modules: readonly string[]) {
    this.#modules = modules;
  }

  /** A module has come through a phase. */
  take({ phase, module, done, total }: LoadProgress): void {
    if (phase !== this.#phase) this.#begin(phase);
    // Streams are wired at once, before the references of each module.
    if (phase === "wire" && total < this.#modules.length) return;
    this.#done.add(module);
    this.#total = total;
    const next = PHASES[PHASES.indexOf(phase) + 1];
    const isOver = done === total && (phase === "spawn" || total === this.#modules.length);
    if (isOver && next !== undefined) this.#begin(next);
  }

  /** `start 1/2: Camera`, with what is waited for. */
  toString(): string {
    const total = this.#total ?? (this.#phase === "spawn" ? undefined : this.#modules.length);
    const head = total === undefined ? this.#phase : `${this.#phase} ${this.#done.size}/${total}`;
    const waiting = this.#waiting();
    return waiting === "" ? head : `${head}: ${waiting}`;
  }

  /** `it waited for Camera to start`. */
  describeWait(): string {
    const waiting = this.#waiting();
    return waiting === "" ? "it waited for its workers" : `it waited for ${waiting} to ${VERBS[this.#phase]}`;
  }

  #begin(phase: LoadPhase): void {
    this.#phase = phase;
    this.#done.clear();
    this.#total = undefined;
  }

  #waiting(): string {
    if (this.#phase === "spawn") return "";
    const names = this.#modules.filter((name) => !this.#done.has(name));
    const more = names.length - SHOWN_MODULES;
    return names.slice(0, SHOWN_MODULES).join(", ") + (more > 0 ? ` and ${more} more` : "");
  }
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { monotonicMs } from "./monotonic.ts";
import { isMoving, lastMovedAfter, type Moment } from "./standing.ts";

const RECORDER = fileURLToPath(new URL("../programs/truth-recorder.ts", import.meta.url));

/** So fast the robot has to be when something goes wrong. m/s. */
const WALKING_MPS = 0.35;
/** So many reports in a row: 0.1 s. */
const WALKING_REPORTS = 5;
const POLL_MS = 10;
const WALK_TIMEOUT_MS = 45_000;
const STAND_TIMEOUT_MS = 20_000;

interface Sample {
  /** By the clock of the simulator. */
  readonly stampMs: number;
  /** When it came. */
  readonly atMs: number;
  readonly x: number;
  readonly y: number;
  readonly speed: number;
  readonly turning: number;
}

type FromRecorder =
  | ({ readonly kind: "sample" } & Sample)
  | { readonly kind: "welcome"; readonly pid: number }
  | { readonly kind: "closed"; readonly atMs: number };

/** What a process beside the simulator sees of one robot, as long as its simulator lives. */
export class Truth implements AsyncDisposable {
  readonly #recorder: ChildProcess;
  readonly #samples: Sample[] = [];
  readonly #welcome = Promise.withResolvers<number>();
  /** The fastest report says best how the simulator's clock goes. */
  #leastMs = Number.POSITIVE_INFINITY;
  #closedMs: number | undefined;

  private constructor(socket: string) {
    this.#recorder = fork(RECORDER, [socket], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#recorder.on("message", (message) => this.#take(message as FromRecorder));
    this.#recorder.once("exit", () => this.#welcome.reject(new Error("The recorder ended: is there a simulator?")));
    this.#welcome.promise.catch(() => {});
  }

  static async open(socket: string): Promise<Truth> {
    const truth = new Truth(socket);
    await truth.#welcome.promise;
    while (truth.#samples.length === 0 && truth.#closedMs === undefined) await sleep(POLL_MS);
    return truth;
  }

  /** Of the simulator. */
  get pid(): Promise<number> {
    return this.#welcome.promise;
  }

  get isOpen(): boolean {
    return this.#closedMs === undefined;
  }

  get position(): { readonly x: number; readonly y: number } {
    return this.#samples.at(-1) as Sample;
  }

  /** Resolves when the robot walks; rejects when `ended` says first how what moves it has ended. */
  async walks(ended?: Promise<unknown>): Promise<void> {
    let end: string | undefined;
    ended?.then(
      (value) => (end = JSON.stringify(value)),
      (error: Error) => (end = error.message),
    );
    await this.#until("The robot did not walk", WALK_TIMEOUT_MS, () => {
      if (end !== undefined) throw new Error(`What moves the robot ended before it walked: ${end}`);
      return this.isWalking || undefined;
    });
  }

  get isWalking(): boolean {
    const last = this.#samples.slice(-WALKING_REPORTS);
    return last.length === WALKING_REPORTS && last.every(({ speed }) => speed > WALKING_MPS);
  }

  /**
   * How long after a moment the robot moved, until it has stood for `forMs`: milliseconds to the last report that says that
   * it moves. A robot whose simulator ends stands from then on.
   */
  stood(sinceMs: number, forMs = 1000): Promise<number> {
    return this.#until("The robot did not stand", STAND_TIMEOUT_MS, () => {
      const moments = this.#moments();
      if (this.#closedMs === undefined) return lastMovedAfter(moments, sinceMs, forMs);
      const last = moments.at(-1);
      if (last !== undefined && isMoving(last)) return Math.max(this.#closedMs - sinceMs, 0);
      return lastMovedAfter(moments, sinceMs, 0) ?? 0;
    });
  }

  /** Resolves when the robot stood through all of the time since a moment, and `forMs` of it are over. */
  async stayed(sinceMs: number, forMs: number): Promise<void> {
    await this.#until("Nothing came from the simulator", STAND_TIMEOUT_MS, () => {
      const moved = this.#moments().find((moment) => moment.atMs > sinceMs && isMoving(moment));
      if (moved !== undefined) {
        const what = `${moved.speed.toFixed(2)} m/s, ${Math.round(moved.atMs - sinceMs)} ms later`;
        throw new Error(`The robot moved again: ${what}`);
      }
      return !this.isOpen || this.#newestMs - sinceMs >= forMs || undefined;
    });
  }

  /** When the last report came. */
  get heardMs(): number {
    return this.#samples.at(-1)?.atMs ?? 0;
  }

  async closed(): Promise<void> {
    await this.#until("The simulator did not end", STAND_TIMEOUT_MS, () => !this.isOpen || undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const isGone = this.#recorder.exitCode !== null || this.#recorder.signalCode !== null;
    const exited = isGone ? undefined : once(this.#recorder, "exit");
    this.#recorder.kill("SIGKILL");
    await exited;
  }

  get #newestMs(): number {
    return (this.#samples.at(-1)?.stampMs ?? 0) + this.#leastMs;
  }

  /** What is older than a trial is of no interest. */
  #moments(): Moment[] {
    return this.#samples.map(({ stampMs, speed, turning }) => ({ atMs: stampMs + this.#leastMs, speed, turning }));
  }

  /** Forgets what was before a trial. */
  begin(): void {
    this.#samples.splice(0, this.#samples.length - 1);
  }

  #take(message: FromRecorder): void {
    if (message.kind === "welcome") this.#welcome.resolve(message.pid);
    else if (message.kind === "closed") this.#closedMs = message.atMs;
    else {
      this.#leastMs = Math.min(this.#leastMs, message.atMs - message.stampMs);
      this.#samples.push(message);
    }
  }

  async #until<T>(what: string, timeoutMs: number, look: () => T | undefined): Promise<T> {
    const deadlineMs = monotonicMs() + timeoutMs;
    for (;;) {
      const seen = look();
      if (seen !== undefined) return seen;
      if (monotonicMs() > deadlineMs) throw new Error(`${what} within ${timeoutMs / 1000} s`);
      await sleep(POLL_MS);
    }
  }
}

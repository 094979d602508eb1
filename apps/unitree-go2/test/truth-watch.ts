import { once } from "node:events";
import { connect } from "node:net";
import { dirname } from "node:path";
import { RunRegistry } from "@dimos/core/runs";
import { type Odometry, secondsFromTime } from "@dimos/msgs";
import { expect } from "vitest";
import { MessageSocket } from "../src/connection/message-socket.ts";
import { simulatorSocket } from "../src/connection/remote-go2.ts";
import type { FromSimulator } from "../src/connection/simulator-messages.ts";
import { ClockOffset } from "./clock-offset.ts";

interface Moment {
  /** By the clock of the simulator. */
  readonly atMs: number;
  /** m/s. */
  readonly speed: number;
  readonly x: number;
}

/** Slower than this the robot stands. m/s. */
const STANDING_MPS = 0.02;

/** Looks at a simulated robot past everything that drives it: what its own process says happens. */
export class TruthWatch implements Disposable {
  readonly moments: Moment[] = [];
  readonly pid: number;
  readonly #socket: MessageSocket;
  readonly #clock: ClockOffset;

  private constructor(socket: MessageSocket, pid: number, moments: Moment[], clock: ClockOffset) {
    this.#socket = socket;
    this.#clock = clock;
    this.pid = pid;
    this.moments = moments;
  }

  static async open(runId: string, instance = "Go2Connection"): Promise<TruthWatch> {
    const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
    const { endpoint } = entries.find((run) => run.runId === runId) as { readonly endpoint: string };
    const directory = dirname(endpoint.slice("unix:".length));
    const socket = connect(simulatorSocket(directory, instance));
    await once(socket, "connect");
    const moments: Moment[] = [];
    const add = (moment: Moment) => {
      clock.hear(moment.atMs);
      moments.push(moment);
    };
    const welcome = Promise.withResolvers<number>();
    const clock = new ClockOffset();
    const take = (message: FromSimulator) => {
      if (message.kind === "welcome") welcome.resolve(message.pid);
      if (message.kind !== "reports") return;
      for (const [stream, report] of message.reports) if (stream === "groundTruth") add(momentOf(report));
    };
    const messages = new MessageSocket(
      socket,
      (message) => take(message as FromSimulator),
      () => {},
    );
    messages.send({ kind: "hello", role: "watch" });
    return new TruthWatch(messages, await welcome.promise, moments, clock);
  }

  get speed(): number {
    return this.moments.at(-1)?.speed ?? Number.NaN;
  }

  /**
   * Waits until it stands, and says how long after a moment it was last seen to move. Milliseconds. When the simulator had
   * to wait for a busy machine, its next report comes late; the steps in between are exact all the same.
   */
  async movedFor(sinceMs: number): Promise<number> {
    const since = () => this.#clock.toOther(sinceMs);
    const later = () => this.moments.filter(({ atMs }) => atMs > since());
    const firstStood = () => later().findIndex(({ speed }) => speed < STANDING_MPS);
    await expect.poll(firstStood, { timeout: 15_000, interval: 10 }).toBeGreaterThanOrEqual(0);
    const lastMoved = later()[firstStood() - 1];
    return lastMoved === undefined ? 0 : lastMoved.atMs - since();
  }

  /** Whether it stood in each of the last reports. */
  standsFor(reports: number): boolean {
    const last = this.moments.slice(-reports);
    return last.length === reports && last.every(({ speed }) => speed < STANDING_MPS);
  }

  /** The last moment in which it moved, and how long after a time of this process that was; 0 when it was before that. */
  lastMoved(sinceMs: number): { readonly index: number; readonly afterMs: number } {
    const index = this.moments.findLastIndex(({ speed }) => speed >= STANDING_MPS);
    const moment = this.moments[index];
    return { index, afterMs: moment === undefined ? 0 : Math.max(0, moment.atMs - this.#clock.toOther(sinceMs)) };
  }

  async walks(): Promise<void> {
    await expect.poll(() => this.speed, { timeout: 10_000, interval: 10 }).toBeGreaterThan(0.35);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

function momentOf(truth: Odometry): Moment {
  const { x, y } = truth.twist.twist.linear;
  return { atMs: secondsFromTime(truth.header.stamp) * 1000, speed: Math.hypot(x, y), x: truth.pose.pose.position.x };
}

import { Module, rpc } from "@dimos/core";
import { Odometry } from "@dimos/msgs";
import { NavigationResult } from "../src/modules/navigation-messages.ts";

/** Sees what a run does, also what nobody waits for. Times are those of the run's clock, seconds. */
export class RunRecorder extends Module({
  source: import.meta.url,
  inputs: { navigationResult: NavigationResult, groundTruth: Odometry },
}) {
  readonly #speeds: { readonly seconds: number; readonly speed: number }[] = [];

  override async start() {
    this.groundTruth.subscribe(({ twist: { twist } }) => {
      this.#speeds.push({ seconds: this.clock.now() / 1000, speed: Math.hypot(twist.linear.x, twist.linear.y) });
    });
  }

  seconds = rpc(async (): Promise<number> => this.clock.now() / 1000);

  /** The next result of the planner. */
  nextResult = rpc(async (): Promise<NavigationResult> => {
    return (await this.navigationResult.next({ timeoutMs: 10_000 })) as NavigationResult;
  });

  /** When the robot, after a time, first stood: slower than 2 cm/s. */
  stoodAt = rpc(async (after: number): Promise<number | undefined> => {
    return this.#speeds.find(({ seconds, speed }) => seconds >= after && speed < 0.02)?.seconds;
  });
}

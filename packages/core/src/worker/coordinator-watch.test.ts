import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Hold, type HoldEvent } from "../safety/hold.ts";
import { CoordinatorWatch } from "./coordinator-watch.ts";

/** As often as the watch looks. */
const TICK_MS = 100;

/** A process that waits for something, as a coordinator does that says nothing. */
let coordinator: ChildProcess;

beforeAll(async () => {
  coordinator = spawn("/bin/sleep", ["60"]);
  await once(coordinator, "spawn");
});

afterAll(async () => {
  coordinator.kill("SIGKILL");
  await once(coordinator, "exit");
});

it("A robot whose coordinator falls silent is held within a second and a half of that, and may move again with the next beat (K5a)", async () => {
  const began = Promise.withResolvers<void>();
  const phases: HoldEvent["phase"][] = [];
  const overdue = () => phases.push("ended");
  const changed = ({ phase }: HoldEvent) => {
    phases.push(phase);
    began.resolve();
  };
  const hold = new Hold({ changed, overdue });
  const watch = new CoordinatorWatch(coordinator.pid as number, hold);
  const end = () => watch.end();
  // Looks that come late, because this process was held up, count for less: so do these.
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, TICK_MS);
  try {
    watch.beat();
    await began.promise;
    expect(hold.reason).toBe("the coordinator did not answer");
    expect(ticks).toBeGreaterThanOrEqual(4);
    expect(ticks).toBeLessThanOrEqual(15);
    watch.beat();
    expect(phases).toEqual(["began", "ended"]);
  } finally {
    clearInterval(timer);
    end();
  }
});

import { describe, it } from "vitest";
import { DrivingRun } from "../../test/driving-run.ts";
import { Motor, Walker } from "../../test/moving.ts";
import { run } from "../../test/run.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { HOLD_KEEPS_MS } from "./hold.ts";

const CANCELLED = /held for \d+\.\d s, the coordinator did not answer/;

describe.concurrent("An actuator whose coordinator is stopped", () => {
  it("is held, takes no command and refuses motion; it goes on by itself after a short hold (K5a)", async ({
    expect,
  }) => {
    await using driving = await DrivingRun.start();
    driving.program.kill("SIGSTOP");
    await expect.poll(() => driving.isHeld()).toBe(true);
    expect(await driving.standsStill()).toBe(true);
    await expect(driving.call("Motor", "turn")).rejects.toMatchObject({
      code: "HELD",
      message: expect.stringMatching(
        /^Motor\.turn is refused: the robot is held for \d+\.\d s, the coordinator did not/,
      ),
    });
    driving.program.kill("SIGCONT");
    await expect.poll(() => driving.isHeld()).toBe(false);
    expect(await driving.call("Motor", "turn")).toBe("turned");
    const ended = (await driving.heard()).at(-1);
    if (ended?.phase !== "ended") throw new Error("the hold has not ended");
    // A machine that is very busy may have made it a long one.
    expect(ended.isCancelled).toBe(ended.heldMs > HOLD_KEEPS_MS + 100);
    expect(await driving.call("Driver", "drives")).toBe(!ended.isCancelled);
    const before = await driving.pushes();
    if (!ended.isCancelled) await expect.poll(() => driving.pushes()).toBeGreaterThan(before);
  });

  it("does not go on after a long one: the goal is forgotten, and callers hear how long it was held (K5a)", async ({
    expect,
  }) => {
    await using driving = await DrivingRun.start();
    const walk = await driving.begin("stroll", { end: "report" });
    const others = [driving.client.call("Walker", "walk", [{}])];
    driving.program.kill("SIGSTOP");
    // Asked for while nobody could grant it: it does not move the robot later, either.
    others.push(driving.client.call("Walker", "walk", [{}]));
    for (const other of others) other.catch(() => {});
    await expect.poll(() => driving.isHeld()).toBe(true);
    const end = performance.now() + 1.3 * HOLD_KEEPS_MS;
    await expect.poll(() => performance.now()).toBeGreaterThan(end);
    driving.program.kill("SIGCONT");
    expect(await walk.end).toEqual({ status: "cancelled", moved: 0.2, error: expect.stringMatching(CANCELLED) });
    for (const other of others)
      await expect(other).rejects.toMatchObject({ code: "HELD", message: expect.stringMatching(CANCELLED) });
    await expect.poll(() => driving.isHeld()).toBe(false);
    expect((await driving.heard()).at(-1)).toMatchObject({ phase: "ended", isCancelled: true });
    expect(await driving.call("Driver", "drives")).toBe(false);
    expect(await driving.standsStill()).toBe(true);
    const { workers, capabilities } = await driving.client.health();
    expect(workers.map(({ hold }) => hold.held)).toEqual(workers.map(() => false));
    expect(capabilities).toEqual([]);
    await driving.call("Driver", "drive");
    const before = await driving.pushes();
    await expect.poll(() => driving.pushes()).toBeGreaterThan(before);
    expect(await driving.call("Walker", "walk", [{}])).toBe("walk");
  });
});

it.concurrent("An actuator is held while its coordinator is in an endless loop (K5a)", async ({ expect }) => {
  await using driving = await DrivingRun.start();
  driving.program.send(3000);
  await expect.poll(() => driving.isHeld()).toBe(true);
  await expect.poll(() => driving.isHeld()).toBe(false);
  expect((await driving.heard()).at(-1)).toMatchObject({ phase: "ended", isCancelled: true });
  expect(await driving.call("Driver", "drives")).toBe(false);
});

it("A module in the program's own process has no hold", async ({ expect }) => {
  await using on = await run(autoconnect(Motor.blueprint(), Walker.blueprint()), { nWorkers: 0 });
  const end = performance.now() + 1500;
  while (performance.now() < end);
  expect(await on.call("Motor", "heard", [])).toEqual([]);
  expect(await on.call("Motor", "turn", [])).toBe("turned");
});

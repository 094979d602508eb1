import { Dimos } from "@dimos/porcelain";
import { unitreeGo2Agentic } from "@dimos/unitree-go2";
import { describe, expect, it } from "vitest";

describe.each([0, 1, 3, 8])("with nWorkers %i", (nWorkers) => {
  it.concurrent("the robot walks the same 2 m (D7)", async ({ expect }) => {
    await using app = new Dimos({ nWorkers, consoleLevel: "silent" });
    await app.run(unitreeGo2Agentic);
    const before = await app.Go2Connection.groundTruth();
    const { status, moved } = await app.skills.relativeMove({ forward: 2 });
    const after = await app.Go2Connection.groundTruth();
    expect(status).toBe("reached");
    expect(moved).toBeCloseTo(after.pose.x - before.pose.x, 1);
    expect(Math.abs(moved - 2)).toBeLessThan(0.25);
    expect(await app.ReplanningAStarPlanner._planner._safeGoalClearance).toBe(0.3);
    expect(new Set(app.listModules().map(({ pid }) => pid)).has(process.pid)).toBe(nWorkers === 0);
  });
});

it("halts the robot within 0.6 s when the caller of a skill in another process aborts (I2)", async () => {
  await using app = new Dimos({ nWorkers: 3, consoleLevel: "silent" });
  await app.run(unitreeGo2Agentic);
  const abort = new AbortController();
  const onProgress = (step: unknown) => {
    if ((step as { readonly distanceLeft: number }).distanceLeft < 2.5) abort.abort();
  };
  const move = app.skills.relativeMove({ forward: 3 }, { signal: abort.signal, onProgress });
  await expect(move).rejects.toMatchObject({ name: "CallAbortedError" });
  await app.skills.wait({ seconds: 0.6 });
  const halted = (await app.Go2Connection.groundTruth()).pose;
  await app.skills.wait({ seconds: 0.5 });
  const later = (await app.Go2Connection.groundTruth()).pose;
  expect(Math.hypot(later.x - halted.x, later.y - halted.y)).toBeLessThan(0.02);
  expect(later.x).toBeGreaterThan(2.3);
});

import { expect, test, vi } from "vitest";
import { nowMs } from "./now-ms.ts";
import { startRobotProcess } from "./robot-process.ts";
import type { TruthWatch } from "./truth-watch.ts";

vi.setConfig({ testTimeout: 120_000 });

/** A robot that kept walking would show it in this many reports of its simulator. */
async function expectStandstill(watch: TruthWatch): Promise<void> {
  const { length } = watch.moments;
  await expect.poll(() => watch.moments.length).toBeGreaterThan(length + 60);
  expect(watch.moments.slice(length).filter(({ speed }) => speed > 0.02)).toEqual([]);
}

test("the robot stands 1.6 s after its coordinator was stopped, and does not set off again when that goes on (K5a)", async () => {
  await using robot = await startRobotProcess();
  const { app, watch, program } = robot;
  const move = app.skills.relativeMove({ forward: 4 });
  await watch.walks();
  const stoppedMs = nowMs();
  program.kill("SIGSTOP");
  expect(await watch.movedFor(stoppedMs)).toBeLessThan(1600);
  await expectStandstill(watch);
  program.kill("SIGCONT");
  expect(await move).toMatchObject({
    status: "cancelled",
    error: expect.stringMatching(/^held for \d+\.\d s, the coordinator did not answer$/),
  });
  await expectStandstill(watch);
  expect(await app.skills.relativeMove({ forward: -0.3 })).toMatchObject({ status: "reached" });
});

test("an emergency stop halts the robot while its coordinator is stopped, and stays latched (K5a)", async () => {
  await using robot = await startRobotProcess();
  const { app, watch, program } = robot;
  const move = app.skills.relativeMove({ forward: 4 });
  await watch.walks();
  program.kill("SIGSTOP");
  const stoppedMs = nowMs();
  const report = await app.estop("a child in the way");
  expect(report).toMatchObject({ halted: ["Go2Connection"], unconfirmed: [{ worker: "coordinator" }] });
  expect(await watch.movedFor(stoppedMs)).toBeLessThan(600);
  program.kill("SIGCONT");
  expect(await move).toMatchObject({ status: "cancelled" });
  await expect.poll(async () => (await app.health()).estop).toMatchObject({ reason: "a child in the way" });
  await expectStandstill(watch);
  await app.resetEstop();
  await expectStandstill(watch);
  expect(await app.skills.relativeMove({ forward: -0.3 })).toMatchObject({ status: "reached" });
});

import { expect, it } from "vitest";
import { NOT_STOPPED } from "../safety/estop-state.ts";
import type { SafetyReport } from "./messages.ts";
import { WorkerSafety } from "./worker-safety.ts";

const DECLARATION = { kind: "skill", description: "Walks.", uses: ["movement"], lifecycle: "instant" } as const;

const LATCHED = { latched: true, reason: "from elsewhere", since: 0 } as const;

function create(granted: Promise<void> = Promise.resolve()) {
  const reports: SafetyReport[] = [];
  const released: string[] = [];
  const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  const leases = { acquire: () => granted, release: (lease: string) => void released.push(lease) };
  const safety = new WorkerSafety({ leases, log, rewire() {}, report: (report) => reports.push(report) });
  const stopped = () => reports.flatMap((report) => (report.type === "Stopped" ? [report] : [])).at(-1)?.id as string;
  const permit = () =>
    safety.permit("Walker", "", {
      skill: "Walker.walk",
      declaration: DECLARATION,
      signal: new AbortController().signal,
      timeoutMs: undefined,
    });
  return { safety, reports, stopped, released, permit };
}

it("A reset that the coordinator sent before it heard of a stop does not end that stop", async () => {
  const { safety, reports, stopped } = create();
  await safety.stopHere("a child in the way");
  expect(reports).toEqual([{ type: "Stopped", id: stopped(), reason: "a child in the way" }]);
  await expect(safety.change(NOT_STOPPED, undefined)).rejects.toMatchObject({ code: "ESTOP" });
  expect(safety.estop).toMatchObject({ latched: true, reason: "a child in the way" });
  // Nor does an earlier stop of the run that was on its way, with its reset.
  await safety.change(LATCHED, undefined);
  await expect(safety.change(NOT_STOPPED, undefined)).rejects.toMatchObject({ code: "ESTOP" });
  expect(safety.isStopped).toBe(true);
});

it("A reset that comes after the coordinator has heard of a stop ends it", async () => {
  const { safety, stopped } = create();
  await safety.stopHere("a child in the way");
  await safety.change(LATCHED, stopped());
  await safety.change(NOT_STOPPED, stopped());
  expect(safety.isStopped).toBe(false);
});

it("A second stop is not ended by the reset of the first", async () => {
  const { safety, stopped } = create();
  await safety.stopHere("first");
  const first = stopped();
  await safety.change(LATCHED, first);
  await safety.stopHere("second");
  await expect(safety.change(NOT_STOPPED, first)).rejects.toMatchObject({ code: "ESTOP" });
  expect(safety.isStopped).toBe(true);
  await safety.change(NOT_STOPPED, stopped());
  expect(safety.isStopped).toBe(false);
});

it("A skill whose turn comes after an emergency stop does not move the robot, whoever was told of the stop first (I5)", async () => {
  const granted = Promise.withResolvers<void>();
  const { safety, permit, released } = create(granted.promise);
  const waiting = permit();
  // By the emergency socket: the coordinator has not heard of it, and grants what was asked for before.
  await safety.stopHere("a child in the way");
  granted.resolve();
  await expect(waiting).rejects.toMatchObject({
    code: "ESTOP",
    message: expect.stringContaining("a child in the way"),
  });
  expect(released).toHaveLength(1);
});

it("A skill whose turn comes while its actuator is held does not move the robot (K5a)", async () => {
  const granted = Promise.withResolvers<void>();
  const { safety, permit, released } = create(granted.promise);
  const waiting = permit();
  safety.hold.add("coordinator-silent");
  granted.resolve();
  await expect(waiting).rejects.toMatchObject({ code: "HELD" });
  expect(released).toHaveLength(1);
});

it("An emergency stop aborts a skill that moves, which holds what it uses until it has cleaned up (I3, I5)", async () => {
  const { safety, permit, released } = create();
  const { signal, release } = await permit();
  await safety.stopHere("a child in the way");
  expect(signal.aborted).toBe(true);
  expect(signal.reason).toMatchObject({ code: "ESTOP" });
  expect(released).toEqual([]);
  release();
  expect(released).toHaveLength(1);
});

it("A skill that waits for its turn does not move the robot when a long hold has cancelled all motion (K5a)", async () => {
  const { safety, permit, released } = create(new Promise(() => {}));
  const waiting = permit();
  await safety.cancelMotion(2_300, "the coordinator did not answer");
  await expect(waiting).rejects.toMatchObject({ code: "HELD", message: expect.stringContaining("held for 2.3 s") });
  expect(released).toHaveLength(1);
});

it("A long hold ends what moves, and its modules hear that their goals are over (K5a)", async () => {
  const { safety, permit } = create();
  const { signal } = await permit();
  const heard: unknown[] = [];
  safety.onHold("Driver", (event) => heard.push(event));
  await safety.cancelMotion(2_300, "the coordinator did not answer");
  expect(signal.reason).toMatchObject({ code: "HELD" });
  expect(heard).toEqual([
    { phase: "ended", reason: "the coordinator did not answer", heldMs: 2_300, isCancelled: true },
  ]);
});

it("A module that comes while nothing may move knows before it starts, and one that has left hears nothing (I5, K5a)", async () => {
  const { safety } = create();
  const heard: unknown[] = [];
  safety.onEstop("Gone", () => heard.push("gone"));
  safety.onHold("Gone", () => heard.push("gone"));
  safety.releaseInstance("Gone");
  await safety.change(LATCHED, undefined);
  safety.hold.add("coordinator-silent");
  safety.onEstop("Motor", (estop) => heard.push(estop));
  safety.onHold("Motor", (event) => heard.push(event));
  expect(heard).toEqual([LATCHED, { phase: "began", reason: "the coordinator did not answer" }]);
});

it("What a module held that has stopped is free for others, even if its skill does not notice (I3)", async () => {
  const { safety, permit, released } = create();
  await permit();
  safety.releaseInstance("Driver");
  expect(released).toEqual([]);
  safety.releaseInstance("Walker");
  expect(released).toHaveLength(1);
});

it("A module that cannot halt is named, and keeps none of the others from it (I5)", async () => {
  const { safety } = create();
  const heard: string[] = [];
  safety.onEstop("Arm", () => Promise.reject(new Error("no power")));
  safety.onEstop("Motor", async () => {
    await new Promise(setImmediate);
    heard.push("halted");
  });
  expect(await safety.change(LATCHED, undefined)).toEqual(["Arm"]);
  expect(heard).toEqual(["halted"]);
});

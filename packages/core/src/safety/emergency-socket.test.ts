import { readdirSync, statSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DrivingRun } from "../../test/driving-run.ts";
import { RunRegistry } from "../runs/run-registry.ts";
import { killWorker } from "../runs.ts";
import { estopRun } from "./estop-run.ts";
import { stopActuators } from "./stop-actuators.ts";

let driving: DrivingRun;

beforeEach(async () => {
  driving = await DrivingRun.start();
  await driving.call("Driver", "drive");
  await expect.poll(() => driving.pushes()).toBeGreaterThan(2);
});

afterEach(async () => {
  await driving[Symbol.asyncDispose]();
});

const entry = () => {
  const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
  const found = entries.find(({ runId }) => runId === driving.client.runId);
  if (found === undefined) throw new Error("the run is not in its registry");
  return found;
};
const socketDirectory = () => dirname(entry().endpoint.slice("unix:".length));
const estops = async () => (await driving.call<{ estops: string[] }>("Motor", "state")).estops;
const workerOf = (instance: string) =>
  driving.client.listModules().find((module) => module.instance === instance)?.worker as string;

async function expectStandstill(): Promise<void> {
  const before = await driving.pushes();
  const end = performance.now() + 300;
  while (performance.now() < end) expect(await driving.pushes()).toBe(before);
}

/** By a client whose own way to the coordinator never answers. */
const stopWithoutCoordinator = (kill?: (worker: string) => boolean) =>
  estopRun({
    endpoint: entry().endpoint,
    reason: "a child in the way",
    viaCoordinator: () => new Promise(() => {}),
    kill,
  });

describe("An emergency stop of a run whose coordinator is stopped", () => {
  it("reaches the actuator, and latches the run when the coordinator goes on (K5a)", async () => {
    const walk = await driving.begin("walk", { seconds: 60 });
    driving.program.kill("SIGSTOP");
    expect(await driving.client.estop("a child in the way")).toEqual({
      estop: expect.objectContaining({ latched: true, reason: "a child in the way" }),
      halted: ["Motor"],
      unconfirmed: [{ worker: "coordinator", modules: [], killed: false }],
    });
    expect(await estops()).toEqual(["a child in the way"]);
    await expectStandstill();
    await expect(driving.call("Motor", "turn")).rejects.toMatchObject({ code: "ESTOP" });

    driving.program.kill("SIGCONT");
    await expect(walk.end).rejects.toMatchObject({ code: expect.stringMatching(/^(ESTOP|HELD)$/) });
    await expect.poll(async () => (await driving.client.health()).estop).toMatchObject({ latched: true });
    await expect(driving.call("Walker", "walk", [{}])).rejects.toMatchObject({ code: "ESTOP" });
    await expectStandstill();
    await driving.client.resetEstop();
    await driving.call("Driver", "drive");
    const before = await driving.pushes();
    await expect.poll(() => driving.pushes()).toBeGreaterThan(before);
  });

  it("says what did not confirm when the actuator's worker is stopped as well, and ends it when asked to", async () => {
    const motor = { pid: driving.motorPid, worker: workerOf("Motor") };
    process.kill(motor.pid, "SIGSTOP");
    driving.program.kill("SIGSTOP");
    await expect(stopWithoutCoordinator()).rejects.toMatchObject({
      code: "ESTOP_UNDELIVERED",
      message: expect.stringMatching(
        new RegExp(
          `was not delivered: .*\\(no answer within 3 s\\), and neither did ${motor.worker}\\. Stop the robot`,
        ),
      ),
    });
    const kill = (worker: string) => killWorker(entry(), worker);
    expect(await stopWithoutCoordinator(kill)).toMatchObject({
      unconfirmed: [
        { worker: motor.worker, killed: true },
        { worker: "coordinator", killed: false },
      ],
    });
    expect(killWorker(entry(), "coordinator")).toBe(false);
    expect(driving.program.exitCode).toBe(null);
    driving.program.kill("SIGCONT");
    await expect.poll(() => driving.motorPid).not.toBe(motor.pid);
  });
});

it("An emergency stop by the sockets alone is latched in the whole run, and only a reset of the run ends it", async () => {
  const results = await stopActuators(socketDirectory(), "a child in the way");
  expect(results).toMatchObject([{ isConfirmed: true, worker: workerOf("Motor"), halted: ["Motor"], failed: [] }]);
  await expect.poll(() => driving.client.estopState).toMatchObject({ latched: true, reason: "a child in the way" });
  await expectStandstill();
  expect(await driving.client.resetEstop()).toMatchObject({ estop: { latched: false }, unconfirmed: [] });
  await driving.call("Driver", "drive");
  const before = await driving.pushes();
  await expect.poll(() => driving.pushes()).toBeGreaterThan(before);
});

it("Only workers of actuators have an emergency socket, in a directory that nobody else can enter", async () => {
  const names = readdirSync(socketDirectory()).filter((name) => name.endsWith(".estop"));
  expect(names).toEqual([`${workerOf("Motor")}.estop`]);
  expect(statSync(socketDirectory()).mode & 0o777).toBe(0o700);
});

it("Junk at an emergency socket stops nothing, costs nothing, and keeps nobody from stopping the robot", async () => {
  const path = join(socketDirectory(), `${workerOf("Motor")}.estop`);
  const junk = [
    "",
    "\n",
    "null\n",
    "[]\n",
    '{"reason":5}\n',
    `{"reason":"${"x".repeat(100_000)}"}\n`,
    Buffer.from([0, 255, 10]),
    "x".repeat(1_000_000),
  ];
  const clients: Socket[] = [];
  const closed = junk.map((text) => {
    const client = createConnection(path);
    clients.push(client);
    client.on("error", () => {});
    if (text.length > 0) client.write(text);
    return new Promise((resolve) => client.on("close", resolve));
  });
  await Promise.all(closed);
  expect(await estops()).toEqual([]);
  expect(driving.client.estopState).toEqual({ latched: false });
  expect(await stopActuators(socketDirectory(), "a child\nin the way")).toMatchObject([{ isConfirmed: true }]);
  expect((await estops())[0]).toBe("a child\nin the way");
});

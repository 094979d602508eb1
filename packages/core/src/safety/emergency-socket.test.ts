import { readdirSync, statSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname, join } from "node:path";
import { describe, it } from "vitest";
import { DrivingRun } from "../../test/driving-run.ts";
import { RunRegistry } from "../runs/run-registry.ts";
import { killWorker } from "../runs.ts";
import { estopRun } from "./estop-run.ts";
import { stopActuators } from "./stop-actuators.ts";

function entryOf(driving: DrivingRun) {
  const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
  const found = entries.find(({ runId }) => runId === driving.client.runId);
  if (found === undefined) throw new Error("the run is not in its registry");
  return found;
}

const socketDirectoryOf = (driving: DrivingRun) => dirname(entryOf(driving).endpoint.slice("unix:".length));
const estopsOf = async (driving: DrivingRun) => (await driving.call<{ estops: string[] }>("Motor", "state")).estops;
const motorOf = ({ client }: DrivingRun) => {
  const found = client.listModules().find(({ instance }) => instance === "Motor");
  if (found === undefined) throw new Error("there is no motor");
  return found;
};

/** By a client whose own way to the coordinator never answers. */
const stopWithoutCoordinator = (driving: DrivingRun, kill?: (worker: string) => boolean) =>
  estopRun({
    endpoint: entryOf(driving).endpoint,
    reason: "a child in the way",
    viaCoordinator: () => new Promise(() => {}),
    kill,
  });

describe.concurrent("An emergency stop of a run whose coordinator is stopped", () => {
  it("reaches the actuator, and latches the run when the coordinator goes on (K5a)", async ({ expect }) => {
    await using driving = await DrivingRun.start();
    const walk = await driving.begin("walk", { seconds: 60 });
    driving.program.kill("SIGSTOP");
    expect(await driving.client.estop("a child in the way")).toEqual({
      estop: expect.objectContaining({ latched: true, reason: "a child in the way" }),
      halted: ["Motor"],
      unconfirmed: [{ worker: "coordinator", modules: [], killed: false }],
    });
    expect(await estopsOf(driving)).toEqual(["a child in the way"]);
    expect(await driving.standsStill()).toBe(true);
    await expect(driving.call("Motor", "turn")).rejects.toMatchObject({ code: "ESTOP" });

    driving.program.kill("SIGCONT");
    await expect(walk.end).rejects.toMatchObject({ code: expect.stringMatching(/^(ESTOP|HELD)$/) });
    await expect.poll(async () => (await driving.client.health()).estop).toMatchObject({ latched: true });
    await expect(driving.call("Walker", "walk", [{}])).rejects.toMatchObject({ code: "ESTOP" });
    expect(await driving.standsStill()).toBe(true);
    await driving.client.resetEstop();
    await driving.call("Driver", "drive");
    const before = await driving.pushes();
    await expect.poll(() => driving.pushes()).toBeGreaterThan(before);
  });

  it("says what did not confirm when the actuator's worker is stopped as well, and ends it when asked to", async ({
    expect,
  }) => {
    await using driving = await DrivingRun.start();
    const { pid, worker } = motorOf(driving);
    process.kill(pid, "SIGSTOP");
    driving.program.kill("SIGSTOP");
    await expect(stopWithoutCoordinator(driving)).rejects.toMatchObject({
      code: "ESTOP_UNDELIVERED",
      message: expect.stringMatching(
        new RegExp(`was not delivered: .*\\(no answer within 3 s\\), and neither did ${worker}\\. Stop the robot`),
      ),
    });
    const kill = (name: string) => killWorker(entryOf(driving), name);
    expect(await stopWithoutCoordinator(driving, kill)).toMatchObject({
      unconfirmed: [
        { worker, killed: true },
        { worker: "coordinator", killed: false },
      ],
    });
    expect(kill("coordinator")).toBe(false);
    expect(driving.program.exitCode).toBe(null);
    driving.program.kill("SIGCONT");
    await expect.poll(() => motorOf(driving).pid).not.toBe(pid);
  });
});

it.concurrent("Only a reset of the run ends a stop that came by a socket alone, and junk there stops nothing", async ({
  expect,
}) => {
  await using driving = await DrivingRun.start();
  const { worker } = motorOf(driving);
  const directory = socketDirectoryOf(driving);
  // Only workers of actuators have one, in a directory that nobody else can enter.
  expect(readdirSync(directory).filter((name) => name.endsWith(".estop"))).toEqual([`${worker}.estop`]);
  expect(statSync(directory).mode & 0o777).toBe(0o700);

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
  const closed = junk.map((text) => {
    const client = createConnection(join(directory, `${worker}.estop`));
    client.on("error", () => {});
    if (text.length > 0) client.write(text);
    return new Promise((resolve) => client.on("close", resolve));
  });
  await Promise.all(closed);
  expect(await estopsOf(driving)).toEqual([]);
  expect(driving.client.estopState).toEqual({ latched: false });

  const reason = "a child\nin the way";
  const results = await stopActuators(directory, reason);
  expect(results).toMatchObject([{ isConfirmed: true, worker, halted: ["Motor"], failed: [] }]);
  expect((await estopsOf(driving))[0]).toBe(reason);
  await expect.poll(() => driving.client.estopState).toMatchObject({ latched: true, reason });
  expect(await driving.standsStill()).toBe(true);
  expect(await driving.client.resetEstop()).toMatchObject({ estop: { latched: false }, unconfirmed: [] });
  await driving.call("Driver", "drive");
  const before = await driving.pushes();
  await expect.poll(() => driving.pushes()).toBeGreaterThan(before);
});

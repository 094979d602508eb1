import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { Dimos } from "@dimos/porcelain";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { openRegistry } from "../src/connection/choose-run.ts";
import { Command, dimos } from "./command.ts";
import { daemon, PATIENT, type StartedDaemon, stopAll } from "./daemons.ts";

const TOKEN = "a token of many letters";
let run: StartedDaemon;

beforeAll(async () => {
  run = await daemon("mover", "--listen", "ws://127.0.0.1:0", "--token", TOKEN);
});

afterAll(stopAll);

it("dimos estop aborts what moves, is shown by status, and refuses motion until --reset (I5)", async () => {
  const walk = new Command(["skill", "call", "walk"]);
  await walk.says("walking");
  const stopped = await dimos("estop", "--reason", "a child in the way");
  expect(stopped).toMatchObject({ exitCode: 0, stderr: "" });
  expect(stopped.stdout).toBe(`mover (${run.run}): emergency stop (a child in the way), halted: Legs\n`);
  expect(await walk.finished()).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("emergency stop is latched"),
  });
  expect((await dimos("status")).stdout).toContain("a child in the way");

  const refused = await dimos("skill", "call", "walk");
  expect(refused).toMatchObject({
    exitCode: 1,
    stderr:
      'Error: Mover.walk is refused: the emergency stop is latched (a child in the way). Reset it with "dimos estop --reset" or app.resetEstop()\n',
  });
  expect(await dimos("topic", "pub", "push", "by=1")).toEqual({
    exitCode: 0,
    stdout: "",
    stderr:
      'Published on /push (test/Push) to nobody\nWarning: the emergency stop is latched (a child in the way): Legs.push did not get it, and nothing moves until "dimos estop --reset"\n',
  });
  const reset = await dimos("estop", run.run, "--reset", "--json");
  expect(JSON.parse(reset.stdout)).toMatchObject([{ runId: run.run, estop: { latched: false }, unconfirmed: [] }]);
  expect(await dimos("estop", "--reset", "--reason", "x")).toMatchObject({ exitCode: 2 });
});

it("dimos estop stops the robot while its coordinator is stopped, and latches the run when that goes on (K5a)", async () => {
  process.kill(run.pid, "SIGSTOP");
  const stopped = await dimos("estop", "--reason", "a child in the way");
  expect(stopped).toEqual({
    exitCode: 1,
    stdout: `mover (${run.run}): emergency stop (a child in the way), halted: Legs\n  coordinator did not confirm\n`,
    stderr: `mover (${run.run}): halted Legs; waiting for the run, which does not answer\n`,
  });
  process.kill(run.pid, "SIGCONT");
  await expect.poll(async () => (await dimos("status")).stdout, PATIENT).toContain("a child in the way");
  await dimos("estop", "--reset");
});

it("dimos estop --kill ends a worker that does not confirm, and never the program (K5a)", async () => {
  const legs = async () => {
    const [{ modules }] = JSON.parse((await dimos("status", "--json")).stdout);
    return modules.find(({ instance }: { instance: string }) => instance === "Legs") as { pid: number; worker: string };
  };
  const { pid, worker } = await legs();
  process.kill(pid, "SIGSTOP");
  process.kill(run.pid, "SIGSTOP");
  const untold = await dimos("estop");
  expect(untold).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringContaining("Error: mover (") });
  const stopped = await dimos("estop", "--kill");
  expect(stopped).toMatchObject({
    exitCode: 1,
    stdout: `mover (${run.run}): emergency stop\n  ${worker} did not confirm and was killed\n  coordinator did not confirm\n`,
  });
  process.kill(run.pid, "SIGCONT");
  await expect.poll(async () => (await legs()).pid, PATIENT).toBeGreaterThan(0);
  expect((await legs()).pid).not.toBe(pid);
  await dimos("estop", "--reset");
  expect(await dimos("estop", "--reset", "--kill")).toMatchObject({ exitCode: 2 });
});

it("dimos estop stops the robot while strangers hold all the connections that they can get (K7)", async () => {
  const endpoint = openRegistry().alive()[0]?.tcpEndpoint as string;
  execFileSync("prlimit", ["--pid", `${run.pid}`, "--nofile=400"]);
  const strangers = Array.from({ length: 600 }, () => connect(Number(new URL(endpoint).port), "127.0.0.1"));
  onTestFinished(() => strangers.forEach((stranger) => void stranger.destroy()));
  await Promise.all(
    strangers.map((stranger) =>
      once(
        stranger.on("error", () => {}),
        "connect",
      ),
    ),
  );
  expect(await dimos("estop", "--reason", "strangers")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("emergency stop (strangers), halted: Legs\n"),
    stderr: "",
  });
  await using owner = await Dimos.connect({ endpoint, token: TOKEN });
  expect((await owner.resetEstop()).estop.latched).toBe(false);
  await expect
    .poll(async () => (await dimos("log")).stdout, PATIENT)
    .toMatch(/Closed \d+ connections to ws:\S+ that had not shown a token, from 127\.0\.0\.1 \(\d+\)/);
});

it("dimos restart is no reset of the emergency stop (I5)", async () => {
  await dimos("estop", "--reason", "a child in the way");
  const restarted = await dimos("restart", run.run);
  expect(restarted).toMatchObject({ exitCode: 0 });
  expect((await dimos("status")).stdout).toContain("a child in the way");
  const refused = await dimos("skill", "call", "walk");
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("emergency stop is latched") });
  await dimos("estop", "--reset");
  // What a later restart begins with is what is latched by then.
  expect(await dimos("restart")).toMatchObject({ exitCode: 0 });
  const walk = new Command(["skill", "call", "walk"]);
  await walk.says("walking");
  walk.child.kill("SIGINT");
  await walk.finished();
});

it("A skill is aborted, and gives back what it holds, when its command is killed (I2)", async () => {
  const walk = new Command(["skill", "call", "walk"]);
  await walk.says("walking");
  walk.child.kill("SIGKILL");
  await walk.finished();
  await expect
    .poll(async () => JSON.parse((await dimos("get", "Mover.aborted", "--json")).stdout), PATIENT)
    .toBeGreaterThan(1);
});

import { spawn } from "node:child_process";
import { Dimos } from "@dimos/porcelain";
import { describe, expect, test, vi } from "vitest";
import { unitreeGo2Agentic } from "../src/index.ts";
import { nowMs } from "./now-ms.ts";
import { DIMOS, Terminal } from "./terminal.ts";
import { TruthWatch } from "./truth-watch.ts";

vi.setConfig({ testTimeout: 120_000 });

/** The bound of BEHAVIOURS K5. */
const STANDS_WITHIN_MS = 2_000;

/** 0.5 m/s ahead. */
const WALK = JSON.stringify({ linear: { x: 0.5, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } });

/** Further ways of the same: in the nightly suite (`pnpm test:interrupt`). */
const nightly = test.skipIf(process.env.DIMOS_INTERRUPT !== "1");

async function runRobot(): Promise<Dimos> {
  const app = new Dimos({ consoleLevel: "silent", nWorkers: 1, mcpPort: 0 });
  await app.run(unitreeGo2Agentic, { config: { Go2Connection: { cameraHz: 0 } } });
  return app;
}

async function openShell(): Promise<Terminal> {
  const shell = new Terminal(["shell"]);
  await shell.shows(/dimos> /);
  return shell;
}

/** Whether it stood in each of the next reports of the simulator, which sees what no skill tells. */
async function keepsStanding(watch: TruthWatch): Promise<boolean> {
  const from = watch.moments.length;
  await expect.poll(() => watch.moments.length).toBeGreaterThan(from + 50);
  return watch.moments.slice(from).every(({ speed }) => speed < 0.02);
}

describe.runIf(process.platform === "linux")("Ctrl-C in dimos shell", () => {
  test("stops the robot that an awaited skill moves, and says how far it came (K5)", async () => {
    await using app = await runRobot();
    using watch = await TruthWatch.open(app.runId);
    using shell = await openShell();
    shell.press("await app.skills.relativeMove({ forward: 3 })\n");
    await watch.walks();
    const pressedMs = nowMs();
    await shell.type("\u0003", /Aborting UnitreeSkills\.relativeMove, and what the robot does for it/);
    expect(await watch.movedFor(pressedMs)).toBeLessThan(STANDS_WITHIN_MS);
    await shell.shows(/UnitreeSkills\.relativeMove was aborted: the robot moved [012]\.\d\d m.*, and has stopped\n/);
    await shell.type("6 * 7\n", /\n42\n/);
    expect(await keepsStanding(watch)).toBe(true);
    shell.press("\u0004");
    expect(await shell.exitCode()).toBe(0);
  });

  nightly("ends a loop that would move the robot again, also one that catches what goes wrong (K5)", async () => {
    await using app = await runRobot();
    using watch = await TruthWatch.open(app.runId);
    using shell = await openShell();
    shell.press("for (;;) await skills.relativeMove({ forward: 3 }).catch(() => {})\n");
    await watch.walks();
    const pressedMs = nowMs();
    shell.press("\u0003");
    expect(await watch.movedFor(pressedMs)).toBeLessThan(STANDS_WITHIN_MS);
    await shell.type("6 * 7\n", /\n42\n/);
    expect(await keepsStanding(watch)).toBe(true);
    await shell.type("(await skills.relativeMove({ degrees: 45 })).status\n", /\n'reached'\n/);
  });

  nightly("stops what a line left running in the background, at the prompt as well (K5)", async () => {
    await using app = await runRobot();
    using watch = await TruthWatch.open(app.runId);
    using shell = await openShell();
    await shell.type("const move = skills.relativeMove({ forward: 3 }).catch(() => {})\n", /undefined\n.*dimos> /s);
    await watch.walks();
    const pressedMs = nowMs();
    await shell.type("\u0003", /Aborting UnitreeSkills\.relativeMove/);
    expect(await watch.movedFor(pressedMs)).toBeLessThan(STANDS_WITHIN_MS);
    await shell.type("6 * 7\n", /\n42\n/);
  });

  nightly("ends a timer that commands the robot, though no call is under way (K5)", async () => {
    await using app = await runRobot();
    using watch = await TruthWatch.open(app.runId);
    using shell = await openShell();
    await shell.type(`void setInterval(() => app.publish("cmdVel", ${WALK}), 100)\n`, /undefined\n.*dimos> /s);
    await watch.walks();
    const pressedMs = nowMs();
    shell.press("\u0003");
    expect(await watch.movedFor(pressedMs)).toBeLessThan(STANDS_WITHIN_MS);
    await shell.shows(/(Not called:|Aborting) publish cmdVel/);
    expect(await keepsStanding(watch)).toBe(true);
  });

  nightly("ends a line that never awaits, and stops what moves meanwhile (K5)", async () => {
    await using app = await runRobot();
    using watch = await TruthWatch.open(app.runId);
    using shell = await openShell();
    await shell.type("const move = skills.relativeMove({ forward: 3 }).catch(() => {})\n", /undefined\n.*dimos> /s);
    await watch.walks();
    // What it writes itself tells that it is evaluated.
    await shell.type('process.stdout.write("spin" + "ning"); for (;;);\n', /spinning/);
    const pressedMs = nowMs();
    shell.press("\u0003");
    expect(await watch.movedFor(pressedMs)).toBeLessThan(STANDS_WITHIN_MS);
    await shell.type("6 * 7\n", /\n42\n/);
  });

  test("keeps what it means at an idle prompt", async () => {
    await using app = await runRobot();
    using shell = await openShell();
    await shell.type("half a line", /half a line/);
    await shell.type("\u0003", /\ndimos> $/);
    await shell.type("\u0003", /To exit, press Ctrl\+C again/);
    expect(shell.text).not.toContain("Abort");
    shell.press("\u0003");
    expect(await shell.exitCode()).toBe(0);
    expect(app.isRunning).toBe(true);
  });

  nightly.each([
    ["Ctrl-D", "\u0004"],
    [".exit", ".exit\n"],
  ])("is not needed before %s, which stops the robot too, and says how far it came (K5)", async (_name, keys) => {
    await using app = await runRobot();
    using watch = await TruthWatch.open(app.runId);
    using shell = await openShell();
    await shell.type("const move = skills.relativeMove({ forward: 3 }).catch(() => {})\n", /undefined\n.*dimos> /s);
    await watch.walks();
    const pressedMs = nowMs();
    shell.press(keys);
    expect(await watch.movedFor(pressedMs)).toBeLessThan(STANDS_WITHIN_MS);
    expect(await shell.exitCode()).toBe(0);
    expect(shell.text).toMatch(/UnitreeSkills\.relativeMove was aborted: the robot moved [012]\.\d\d m/);
  });
});

describe.runIf(process.platform === "linux")(
  "Ctrl-C in a command that moves the robot stops it, and says how far it came (K5)",
  () => {
    test.each([
      ["skill", "call", "relativeMove", "forward=3"],
      ["call", "UnitreeSkills.relativeMove", "forward=3"],
      ["mcp", "call", "relativeMove", "forward=3"],
      ["agent-send", "walk forward 3 meters"],
    ])("dimos %s %s", async (...args) => {
      await using app = await runRobot();
      using watch = await TruthWatch.open(app.runId);
      using command = new Terminal(args);
      await watch.walks();
      const pressedMs = nowMs();
      command.press("\u0003");
      expect(await watch.movedFor(pressedMs)).toBeLessThan(STANDS_WITHIN_MS);
      expect(await command.exitCode()).toBe(130);
      expect(command.text).toMatch(/(was aborted: the robot moved|Stopped\. Moved) [012]\.\d\d m/);
    });
  },
);

describe.runIf(process.platform === "linux")("dimos agent-send", () => {
  nightly.each(["SIGKILL", "SIGSTOP"] as const)("stops the robot when it gets %s (K5)", async (signal) => {
    await using app = await runRobot();
    using watch = await TruthWatch.open(app.runId);
    const args = ["--conditions=@dimos/source", DIMOS, "agent-send", "walk forward 4 meters, then walk back 4 meters"];
    const command = spawn(process.execPath, args, { stdio: "ignore" });
    try {
      await watch.walks();
      const signalledMs = nowMs();
      command.kill(signal);
      expect(await watch.movedFor(signalledMs)).toBeLessThan(STANDS_WITHIN_MS);
      expect(await keepsStanding(watch)).toBe(true);
    } finally {
      command.kill("SIGKILL");
    }
  });
});

describe.runIf(process.platform === "linux")("Ctrl-C in dimos topic pub", () => {
  test("stops the robot that its commands move, and says how many there were (K5)", async () => {
    await using app = await runRobot();
    using watch = await TruthWatch.open(app.runId);
    using command = new Terminal(["topic", "pub", "cmdVel", WALK, "--rate", "10"]);
    await watch.walks();
    const pressedMs = nowMs();
    command.press("\u0003");
    expect(await watch.movedFor(pressedMs)).toBeLessThan(STANDS_WITHIN_MS);
    expect(await command.exitCode()).toBe(130);
    expect(command.text).toMatch(/Published \d+ messages\n/);
  });
});

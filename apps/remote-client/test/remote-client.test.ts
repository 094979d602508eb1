import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const CLIENT = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const client = () => promisify(execFile)(process.execPath, [CLIENT], { cwd: HERE });

/** `dimos run unitree-go2-agentic`, as a user has it in another terminal. */
async function startRobot(): Promise<ChildProcess> {
  const dimos = fileURLToPath(new URL("../node_modules/@dimos/cli/bin/dimos.js", import.meta.url));
  const robot = spawn(process.execPath, [dimos, "run", "unitree-go2-agentic"], {
    cwd: HERE,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  for await (const chunk of robot.stderr.iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (said.includes("Running unitree-go2-agentic")) break;
  }
  robot.stderr.resume();
  if (robot.exitCode !== null) throw new Error(`The robot did not start: ${said}`);
  return robot;
}

it("says what to do when no robot runs (A15)", async () => {
  await expect(client()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("No running dimos found. Start one with: dimos run <blueprint>"),
  });
});

it("uses a robot of another process: progress, abort, a stream, and a restart under way (A11, A15, A19)", async () => {
  const robot = await startRobot();
  try {
    const { stdout } = await client();
    expect(stdout.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^connected {2}\S+-unitree-go2-agentic-\S+$/),
      expect.stringMatching(/^modules {4}.*Go2Connection.*UnitreeSkills/),
      expect.stringMatching(/^moved {6}(0\.[89]|1\.[012]) m, reached, progress came many times$/),
      expect.stringMatching(/^aborted {4}CallAbortedError at 0\.[1-9] m\/s$/),
      expect.stringMatching(/^halted {5}-?0\.0 m\/s$/),
      "event      UnitreeSkills restarted, asked",
      expect.stringMatching(/^moved {6}(0\.[89]|1\.[012]) m, reached, after the restart$/),
      "odometry   still comes",
    ]);
    expect(robot.exitCode, "the robot goes on when its client leaves").toBe(null);
  } finally {
    robot.kill("SIGINT");
    if (robot.exitCode === null) await once(robot, "exit");
  }
  expect(robot.exitCode).toBe(130);
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { Command, dimos } from "./command.ts";
import { daemon, PATIENT, stopAll } from "./daemons.ts";

const aborted = async () => Number((await dimos("get", "Mover.aborted")).stdout);

beforeAll(async () => {
  await daemon("mover", "mcp-server", "--mcp-port", "0");
});

afterAll(stopAll);

it.each(["skill", "mcp"])(
  "dimos %s call stops the robot when the command itself is stopped, as with Ctrl-Z, and says so later (K5)",
  async (command) => {
    const before = await aborted();
    const walk = new Command([command, "call", "walk"]);
    await walk.says("walking");
    walk.child.kill("SIGSTOP");
    await expect.poll(aborted, PATIENT).toBe(before + 1);
    walk.child.kill("SIGCONT");
    expect(await walk.finished()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/Error: The caller gave no sign of life for 1\.\d s, so its call was aborted/),
    });
  },
);

it.each(["skill", "mcp"])(
  "dimos %s call ends at --timeout, whatever progress the skill reports (K6)",
  async (command) => {
    const before = await aborted();
    expect(await dimos(command, "call", "walk", "--timeout", "1s")).toMatchObject({
      exitCode: 124,
      stderr: expect.stringContaining("did not answer within 1000 ms"),
    });
    await expect.poll(aborted, PATIENT).toBe(before + 1);
  },
);

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const DIMOS = fileURLToPath(new URL("../node_modules/@dimos/cli/bin/dimos.js", import.meta.url));
const NAMES = ["acme-rover.patrol", "unitree-go2-skills"];

describe("the dimos command in the rover's package, which it knows by its package.json alone", () => {
  beforeAll(async () => {
    const { exitCode, stderr } = await dimos("run", ...NAMES, "--daemon");
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("Running ")]);
  }, 60_000);
  afterAll(() => dimos("stop", "--all", "--force"));

  it("lists the blueprints of both packages (G1)", async () => {
    const { stdout } = await dimos("list", "--json");
    const names = JSON.parse(stdout).map(({ qualifiedName }: { qualifiedName: string }) => qualifiedName);
    expect(names).toEqual(expect.arrayContaining(["acme-rover.patrol", "unitree-go2.unitree-go2-skills"]));
  });

  it("calls skills of both in one run, which drive the same rover (H7)", async () => {
    const skills = JSON.parse((await dimos("skill", "list", "--json")).stdout);
    const names = skills.map(({ module, name }: { module: string; name: string }) => `${module}.${name}`);
    expect(names).toEqual(expect.arrayContaining(["FencePatrol.patrol", "UnitreeSkills.relativeMove"]));
    const { exitCode, stdout } = await dimos("skill", "call", "relativeMove", "forward=0.5");
    expect([exitCode, JSON.parse(stdout).status]).toEqual([0, "reached"]);
    expect((await place()).x - 1.2).toBeCloseTo(JSON.parse(stdout).moved, 1);
  });

  it("refuses a move while the patrol has the rover, with its name (I3)", async () => {
    const start = await place();
    let ended: unknown;
    const patrol = dimos("skill", "call", "patrol").then((result) => {
      ended = result;
      return result;
    });
    const isUnderWay = async () => ended ?? Math.hypot((await place()).x - start.x, (await place()).y - start.y) > 0.3;
    await expect.poll(isUnderWay, { timeout: 20_000 }).toBe(true);
    const second = await dimos("skill", "call", "relativeMove", "forward=0.5", "--timeout", "2s");
    expect(second.exitCode).not.toBe(0);
    expect(second.stderr).toContain('"movement" is held by FencePatrol.patrol');
    await dimos("estop", "--reason", "test");
    expect(await patrol).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("cancelled") });
  });

  it("draws both packages as one system without near misses (C6)", async () => {
    const { stdout } = await dimos("graph", ...NAMES);
    expect(stdout).toContain("/tf [tf2_msgs/TFMessage]: RoverConnection.tf -> VoxelGridMapper.tf");
    expect(stdout).not.toContain("Did you mean");
  });
});

/** Where the rover really is, metres. */
async function place(): Promise<{ x: number; y: number }> {
  const { stdout, stderr } = await dimos("call", "RoverConnection.truth");
  expect(stderr).toBe("");
  return JSON.parse(stdout).pose;
}

function dimos(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const env = { ...process.env, NODE_OPTIONS: "" };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [DIMOS, ...args], { cwd, env }, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

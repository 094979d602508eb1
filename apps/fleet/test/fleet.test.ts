import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { PointCloud } from "@dimos/msgs";
import { Dimos } from "@dimos/porcelain";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cross } from "../src/cross.ts";
import { twoGo2 } from "../src/two-go2.ts";

const DIMOS = fileURLToPath(new URL("../node_modules/@dimos/cli/bin/dimos.js", import.meta.url));
const ROBOTS = ["robot0", "robot1"] as const;
/** In a loaded machine's own time. */
const PATIENT = { timeout: 180_000 };

/** The built command, as a user has it. */
async function dimos(...args: string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: "" };
  return (await promisify(execFile)(process.execPath, [DIMOS, ...args], { env })).stdout;
}

// In worker processes, each robot simulated in one of its own; 4 m apart.
const app = new Dimos({ nWorkers: 2, consoleLevel: "silent", mcpPort: 0 });
beforeAll(() => app.run(twoGo2, { config: { "robot1/Go2Connection": { startX: 6 } } }), 120_000);
afterAll(() => app.stop());

const truths = () => Promise.all(ROBOTS.map((robot) => app.getModule(`${robot}/Go2Connection`).groundTruth()));

async function agent() {
  const { url } = await (app.McpServer as { connection(): Promise<{ url: string }> }).connection();
  const client = new Client({ name: "agent", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

test("each robot sees the other one with its lidar", PATIENT, async () => {
  for (const robot of ROBOTS) {
    const points: number[][] = [];
    const leave = await app.subscribe(`${robot}/lidar`, (message) => {
      const { xyz } = message as PointCloud;
      for (let i = 0; i < xyz.length; i += 3) points.push([...xyz.subarray(i, i + 3)]);
    });
    // 4 m ahead, above the floor and no higher than a Go2.
    const isOther = ([x = 0, y = 0, z = 0]: number[]) =>
      Math.abs(x - 4) < 0.5 && Math.abs(y) < 0.2 && z > -0.35 && z < 0.1;
    await expect.poll(() => points.some(isOther), { timeout: 30_000 }).toBe(true);
    leave();
  }
});

test("the robots cross, each to where the other one stood, and touch nothing (real workers)", PATIENT, async () => {
  const crossed = await cross(app);
  for (const { robot, result, truth, missedBy } of crossed) {
    expect(truth.collisions, `${robot}: ${JSON.stringify(result)}`).toBe(0);
    expect(result, robot).toMatchObject({ status: "reached" });
    expect(missedBy, robot).toBeLessThan(0.2);
  }
});

test("a skill that both have is called on one of them, and says so when it is not (A7)", PATIENT, async () => {
  await expect((async () => app.skills.relativeMove({ forward: 0.3 }))()).rejects.toThrow(
    'Ambiguous skill "relativeMove" found in modules: robot0/UnitreeSkills, robot1/UnitreeSkills. ' +
      'Call it on the module: app.getModule("robot0/UnitreeSkills").relativeMove(...)',
  );
});

test("each robot has a holder of its own for movement: both walk at once (I3)", PATIENT, async () => {
  const moves = ROBOTS.map((robot) => app.getModule(`${robot}/UnitreeSkills`).relativeMove({ degrees: 170 }));
  await expect
    .poll(async () => (await app.health()).capabilities.map(({ skill }) => skill).toSorted(), { interval: 5 })
    .toEqual(["robot0/UnitreeSkills.relativeMove", "robot1/UnitreeSkills.relativeMove"]);
  for (const result of await Promise.all(moves)) expect(result).toMatchObject({ status: "reached" });
});

test("an agent finds the skills of both under names of their own, and moves one of them", PATIENT, async () => {
  await using client = await agent();
  const names = (await client.listTools()).tools.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const robot of ROBOTS) {
    expect(names).toEqual(
      expect.arrayContaining([
        `${robot}_UnitreeSkills_relativeMove`,
        `${robot}_NavigationSkills_navigateTo`,
        `${robot}_Go2Connection_observe`,
      ]),
    );
  }
  expect(names).not.toContain("relativeMove");
  const before = await truths();
  const call = { name: "robot1_UnitreeSkills_relativeMove", arguments: { forward: 0.4 } };
  const { structuredContent } = await client.callTool(call);
  expect(structuredContent).toMatchObject({ status: "reached" });
  const walked = (await truths()).map(({ travelled }, i) => travelled - (before[i]?.travelled ?? Number.NaN));
  expect(walked[0]).toBeLessThan(0.02);
  expect(walked[1]).toBeGreaterThan(0.15);
});

test("dimos estop halts both robots (I5)", PATIENT, async () => {
  const before = await truths();
  const moves = Promise.all(
    ROBOTS.map((robot) => app.getModule(`${robot}/UnitreeSkills`).relativeMove({ degrees: 175 })),
  );
  const turned = async () =>
    (await truths()).map(({ pose }, i) => Math.abs(pose.yaw - (before[i]?.pose.yaw ?? Number.NaN)) > 0.1);
  await expect.poll(turned, { timeout: 30_000 }).toEqual([true, true]);
  // In the order in which they confirmed.
  const halted = /halted: (.*)/
    .exec(await dimos("estop", app.runId))?.[1]
    ?.split(", ")
    .toSorted();
  expect(halted).toEqual(["robot0/Go2Connection", "robot1/Go2Connection"]);
  for (const result of await moves) expect(result).toMatchObject({ status: "cancelled" });
  for (const robot of ROBOTS)
    await expect(app.getModule(`${robot}/Go2Connection`).move(0.5, 0, 0)).rejects.toThrow(/is refused/);
  await dimos("estop", app.runId, "--reset");
  expect((await truths()).map(({ collisions }) => collisions)).toEqual([0, 0]);
});

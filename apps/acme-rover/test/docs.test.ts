import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Dimos } from "@dimos/porcelain";
import { unitreeGo2Skills } from "@dimos/unitree-go2";
import { expect, it } from "vitest";
import { patrol } from "../src/index.ts";
import { lookOn } from "./docs-reading.ts";
import { nudge } from "./docs-remote.ts";
import { NearestWatch } from "./docs-streams.ts";

it("streams arrive as docs/streams.md says", async () => {
  const app = new Dimos({ nWorkers: 2, consoleLevel: "silent" });
  await app.run([patrol, NearestWatch]);
  await expect.poll(() => app.getModule(NearestWatch).speed()).toBe(0);
  await expect.poll(() => app.peekStream("nearest")).not.toBeNull();
  const abort = new AbortController();
  const { nearest, poses, lidar } = await lookOn(app, async () => {
    const patrolling = app.skills.patrol({ rounds: 1 }, { signal: abort.signal });
    await expect.poll(async () => (await app.RoverConnection.truth()).pose.x).toBeGreaterThan(2.4);
    expect(await app.getModule(NearestWatch).speed()).toBeGreaterThan(0.4);
    abort.abort();
    await expect(patrolling).rejects.toMatchObject({ code: "CALL_ABORTED" });
  });
  await app.stop();
  expect((nearest as { range: number }).range).toBeCloseTo(1.2, 1);
  expect(poses).toBeGreaterThan(3);
  const of = (instance: string) => lidar.find((port) => port.instance === instance);
  expect(of("NearestWatch")?.delivered).toBeGreaterThan(2);
  expect(of("RoverConnection")?.dropped.rate).toBeGreaterThan(2);
  expect(of("RoverConnection")?.published).toBeGreaterThan(of("NearestWatch")?.delivered ?? 0);
});

it("a client over TCP gets in as docs/operations.md says", async () => {
  const [token, callToken] = ["all-of-the-run-0123", "calls-and-skills-0123"];
  const app = new Dimos({ listen: "ws://127.0.0.1:0", token, callToken, consoleLevel: "silent" });
  await app.run([patrol, unitreeGo2Skills]);
  const runs = join(process.env.DIMOS_STATE_DIR as string, "runs");
  const entries = globSync("*.json", { cwd: runs }).map((file) => JSON.parse(readFileSync(join(runs, file), "utf8")));
  const endpoint = entries.find(({ runId }) => runId === app.runId)?.tcpEndpoint;
  await expect(nudge(endpoint, "not-the-token-0123")).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  expect((await nudge(endpoint, callToken)).status).toBe("reached");
  const limited = await Dimos.connect({ endpoint, token: callToken });
  const read = async () => await limited.ReplanningAStarPlanner._planner._safeGoalClearance;
  await expect(read()).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  await expect(limited.peekStream("odom")).rejects.toMatchObject({ code: "NO_SUCH_METHOD" });
  expect((await limited.estop("docs")).unconfirmed).toEqual([]);
  await expect(limited.resetEstop()).rejects.toMatchObject({ code: "NO_SUCH_METHOD" });
  await limited.disconnect();
  await expect(nudge(endpoint, token)).rejects.toMatchObject({ code: "ESTOP" });
  await app.stop();
});

import { fileURLToPath } from "node:url";
import { autoconnect } from "@dimos/core";
import type { OccupancyGrid } from "@dimos/msgs";
import { Dimos } from "@dimos/porcelain";
import { describe, expect, test } from "vitest";
import { type Crossed, cross } from "../src/cross.ts";
import { twoGo2 } from "../src/two-go2.ts";

const CORRIDOR = fileURLToPath(new URL("worlds/corridor.json", import.meta.url));
const ALLEY = fileURLToPath(new URL("worlds/alley.json", import.meta.url));
const OCCUPIED = 100;
/** Each drives the robots differently. `pnpm test:crossing` takes all of them. */
const SEEDS = process.env.DIMOS_NIGHTLY === "1" ? [1, 2, 3, 4] : [1];
/** What counts as reached, metres. */
const GOAL_TOLERANCE_M = 0.2;

/** Both in this process, in simulation time. */
async function runFleet(first: object, second: object): Promise<Dimos> {
  const app = new Dimos({ nWorkers: 0, clock: "simulation", consoleLevel: "silent", mcpPort: 0 });
  await app.run(autoconnect(twoGo2), {
    config: { "robot0/Go2Connection": first, "robot1/Go2Connection": second },
  });
  return app;
}

/** Nobody touched anything, and whoever was not where it was sent said so. */
function expectHonest({ robot, result, truth, missedBy }: Crossed): void {
  const what = `${robot}: ${JSON.stringify(result)}`;
  expect(truth.collisions, what).toBe(0);
  expect(truth.smallestGap, what).toBeGreaterThan(0.02);
  expect(Math.abs(result.distanceLeft - missedBy), what).toBeLessThan(0.1);
  if (result.status === "reached") expect(missedBy, what).toBeLessThan(GOAL_TOLERANCE_M);
  else expect(result.error, what).toMatch(/\.$/);
}

/** The smallest distance between the middles of two robots that were seen at the same times, metres. */
function nearest([a, b]: readonly [Crossed, Crossed]): number {
  const length = Math.min(a.track.length, b.track.length);
  const distances = Array.from({ length }, (_, i) => {
    const [p, q] = [a.track[i], b.track[i]] as [Crossed["track"][number], Crossed["track"][number]];
    return Math.hypot(p.x - q.x, p.y - q.y);
  });
  return Math.min(...distances);
}

const occupiedNear = ({ info, data }: OccupancyGrid, { x, y }: { readonly x: number; readonly y: number }) => {
  let count = 0;
  for (const [cell, value] of data.entries()) {
    const cx = info.origin.position.x + ((cell % info.width) + 0.5) * info.resolution;
    const cy = info.origin.position.y + (Math.floor(cell / info.width) + 0.5) * info.resolution;
    if (value === OCCUPIED && Math.hypot(cx - x, cy - y) < 0.5) count++;
  }
  return count;
};

describe("two robots that are sent to where the other one stands", () => {
  test.each(SEEDS)("cross an office without touching anything, seed %i", { timeout: 120_000 }, async (seed) => {
    await using app = await runFleet({ seed }, { seed: seed + 100 });
    const crossed = await cross(app);
    for (const one of crossed) {
      expectHonest(one);
      expect(one.result.status).toBe("reached");
    }
  });

  test.each(SEEDS)(
    "pass each other in a corridor: the one whose name comes first goes on, the other stands, seed %i",
    { timeout: 120_000 },
    async (seed) => {
      const corridor = { world: CORRIDOR, startY: 1.4 };
      await using app = await runFleet(
        { ...corridor, seed, startX: 1 },
        { ...corridor, seed: seed + 100, startX: 11, startYawDegrees: 180 },
      );
      const crossed = await cross(app);
      for (const one of crossed) expectHonest(one);
      expect(crossed.map(({ result }) => result.status)).toEqual(["reached", "reached"]);
      const [first, second] = crossed;
      expect(first.waits).toBe(0);
      expect(second.waits).toBeGreaterThan(0);
      expect(nearest(crossed)).toBeLessThan(1.5);

      // The map that both made has the corridor, and neither robot, neither where they stand nor where they met.
      const map = (await app.peekStream("fleetMap", { timeoutMs: 10_000 })) as OccupancyGrid;
      expect(map.header.frameId).toBe("world");
      expect(occupiedNear(map, { x: 6, y: 0 })).toBeGreaterThan(10);
      expect(occupiedNear(map, { x: 0, y: 1.4 }) + occupiedNear(map, { x: 12, y: 1.4 })).toBeGreaterThan(20);
      for (const { track } of crossed)
        for (const at of track.filter((_, i) => i % 50 === 0)) expect(occupiedNear(map, at)).toBe(0);
    },
  );
});

test.each(SEEDS)(
  "in an alley too narrow to pass, both say that they were blocked, and nobody touches anything, seed %i",
  { timeout: 120_000 },
  async (seed) => {
    const alley = { world: ALLEY, startY: 0.6 };
    await using app = await runFleet(
      { ...alley, seed, startX: 1 },
      { ...alley, seed: seed + 100, startX: 7, startYawDegrees: 180 },
    );
    for (const one of await cross(app)) {
      expectHonest(one);
      expect(one.result.status).toBe("blocked");
    }
  },
);

test("a robot that has no room where it should start is refused, with the place", async () => {
  await expect(runFleet({}, { startX: 8, startY: 5 })).rejects.toThrow(/The start pose \(x 8\.00, y 5\.00\) is inside/);
});

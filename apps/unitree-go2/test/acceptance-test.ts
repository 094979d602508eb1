import { expect, test } from "vitest";
import { ROBOT_WIDTH_M } from "../src/simulator/body.ts";
import { exploreAndDrive, tableRow } from "./acceptance.ts";

/** How many goals are driven to in each world: `DIMOS_GOALS=40` is the full test, `pnpm test:acceptance` runs it. */
const GOALS = Number(process.env.DIMOS_GOALS ?? 10);
/** A loaded machine may take its time. */
const TIMEOUT_MS = 120_000 + GOALS * 30_000;
const SEED = Number(process.env.DIMOS_SEED ?? 1);

/** A world has a file of its own, so that two of them run at a time. A world that takes long runs nightly only. */
export function acceptanceTest(world: string, { isNightly = false } = {}): void {
  test.skipIf(isNightly && process.env.DIMOS_GOALS === undefined)(
    `explores the ${world} and drives to ${GOALS} goals without touching anything`,
    {
      timeout: TIMEOUT_MS,
    },
    async () => {
      const result = await exploreAndDrive(world, GOALS, SEED);
      console.log(tableRow(result));
      expect(result.exploration.status).toBe("complete");
      expect(result.explored).toBeGreaterThanOrEqual(0.9);
      expect(result.collisions).toBe(0);
      // What was not reached was honestly reported, and there is little of it.
      expect(result.reached).toBeGreaterThanOrEqual(Math.floor(0.9 * GOALS));
      expect(result.smallestClearance).toBeGreaterThan(ROBOT_WIDTH_M / 2);
    },
  );
}

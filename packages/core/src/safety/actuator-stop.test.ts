import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PuttingDown } from "../../test/putting-down.ts";
import { run } from "../../test/run.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "../coordinator/coordinator.ts";

let system: ModuleCoordinator | undefined;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "dimos-actuator-"));
});

afterEach(async () => {
  await system?.stop();
  system = undefined;
  rmSync(directory, { recursive: true });
});

it("An actuator that takes longer than 500 ms to put the robot down is let do so, and is no crash", async () => {
  const file = join(directory, "down");
  const on = await run(PuttingDown.blueprint({ ms: 900, file }), { stopTimeoutMs: 20_000 });
  system = on;
  const crashes: unknown[] = [];
  on.on("moduleCrashed", (crash) => crashes.push(crash));
  await on.stop();
  expect(readFileSync(file, "utf8")).toBe("down");
  expect(crashes).toEqual([]);
});

it("An actuator that never returns from its stop() keeps neither the run from its end nor the others from theirs", async () => {
  const [never, other] = [join(directory, "never"), join(directory, "other")];
  const robots = autoconnect(
    PuttingDown.blueprint({ ms: 600_000, file: never }).namespace("robot0"),
    PuttingDown.blueprint({ ms: 0, file: other }).namespace("robot1"),
  );
  const on = await run(robots, { nWorkers: 2, stopTimeoutMs: 2500 });
  system = on;
  const startMs = performance.now();
  await on.stop();
  // 2.5 s; a loaded machine may take its time, and the module itself would take ten minutes.
  expect(performance.now() - startMs).toBeLessThan(15_000);
  expect(existsSync(never)).toBe(false);
  expect(readFileSync(other, "utf8")).toBe("down");
});

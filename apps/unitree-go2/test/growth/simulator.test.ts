import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Dimos } from "@dimos/porcelain";
import { expect, test } from "vitest";
import { Go2Connection } from "../../src/index.ts";
import { TruthWatch } from "../truth-watch.ts";

const MINUTES = 8;

// In the nightly suite.
test.skipIf(process.env.DIMOS_GROWTH !== "1")(
  "a simulated robot with lidar and camera takes hardly more memory after 9 minutes than after one",
  { timeout: 2 * MINUTES * 60_000 },
  async () => {
    await using app = new Dimos({ consoleLevel: "silent", nWorkers: 1 });
    await app.run(Go2Connection.blueprint());
    const streams = ["lidar", "colorImage"] as const;
    for (const stream of streams) app.subscribe(stream, () => {});
    using watch = await TruthWatch.open(app.runId);
    const megabytes = () => {
      const status = readFileSync(`/proc/${watch.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1000;
    };
    await sleep(60_000);
    const first = megabytes();
    let most = first;
    for (let i = 0; i < MINUTES * 6; i++) {
      await sleep(10_000);
      most = Math.max(most, megabytes());
    }
    process.stdout.write(`resident memory: ${first} MB after a minute, ${most} MB at most\n`);
    // Its garbage comes and goes: 25 MB. It was 100 MB before the space for new objects was bounded.
    expect(most - first).toBeLessThan(50);
  },
);

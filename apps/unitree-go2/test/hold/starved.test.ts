import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { RunRegistry, readRunLog } from "@dimos/core/runs";
import { Dimos } from "@dimos/porcelain";
import { expect, test } from "vitest";
import { unitreeGo2Agentic } from "../../src/index.ts";

const DRIVE_MS = 180_000;

// 3 minutes: in the nightly suite.
test.skipIf(process.env.DIMOS_HOLD !== "1")(
  "a robot that drives for 3 minutes is never held because its machine is busy (K5a)",
  { timeout: 3 * DRIVE_MS },
  async () => {
    await using app = new Dimos({ consoleLevel: "silent", mcpPort: 0 });
    await app.run(unitreeGo2Agentic);
    const busy = Array.from({ length: availableParallelism() }, () => spawn("/bin/sh", ["-c", "while :; do :; done"]));
    const statuses: Record<string, number> = {};
    try {
      const endMs = performance.now() + DRIVE_MS;
      for (let forward = 2; performance.now() < endMs; forward = -forward) {
        const { status } = await app.skills.relativeMove({ forward });
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    } finally {
      for (const loop of busy) loop.kill("SIGKILL");
    }
    process.stdout.write(`moves by status: ${JSON.stringify(statuses)}\n`);
    const { workers } = await app.health();
    expect(workers.filter(({ hold }) => hold.held)).toEqual([]);
    const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
    const run = entries.find(({ runId }) => runId === app.runId);
    const told = [...readRunLog(run?.logDirectory as string)].map(({ text }) => text);
    expect(told.some((text) => text.includes("Connected to a simulated Go2"))).toBe(true);
    expect(told.filter((text) => / held: |may move again/.test(text))).toEqual([]);
  },
);

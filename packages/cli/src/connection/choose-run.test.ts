import type { RunEntry } from "@dimos/core/runs";
import { expect, it } from "vitest";
import { noneAlive } from "./choose-run.ts";

it("says once, and with one full stop, why the last run failed", () => {
  const exit = { reason: "Go2Connection failed to build: There is no world." };
  const run = { runId: "1-go2", name: "go2", state: "failed", endedAt: 1, startedAt: 0, exit } as RunEntry;
  expect(noneAlive([run])).toBe(
    "No running dimos. The last run, go2 (1-go2), failed: Go2Connection failed to build: There is no world. Its log: dimos log 1-go2",
  );
});

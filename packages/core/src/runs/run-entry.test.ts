import { expect, it } from "vitest";
import { identifyProcess } from "./process-identity.ts";
import { isRunAlive, parseRunEntry, type RunEntry, type RunState } from "./run-entry.ts";

it("shows no run as alive that has ended, though its program goes on, nor one whose program is gone (H5)", () => {
  const entry = (state: RunState, identity: object = {}) =>
    parseRunEntry(
      JSON.stringify({ ...identifyProcess(process.pid), ...identity, runId: "20300101-run", state }),
    ) as RunEntry;
  const alive = (states: readonly RunState[], identity?: object) =>
    states.filter((state) => isRunAlive(entry(state, identity)));
  const states: readonly RunState[] = ["starting", "running", "stopping", "stopped", "failed"];
  expect(alive(states)).toEqual(["starting", "running", "stopping"]);
  for (const gone of [{ startTime: "12" }, { bootId: "another boot" }, { pid: 2 ** 22 + 1 }, { startTime: undefined }])
    expect(alive(states, gone)).toEqual([]);
});

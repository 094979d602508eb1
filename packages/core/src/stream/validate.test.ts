import { describe, expect, it } from "vitest";
import { Crasher } from "../../test/crashing.ts";
import { pids, run } from "../../test/run.ts";
import { Listener } from "../../test/streams.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { readRunLog } from "../log/read-run-log.ts";

describe.each([0, 1, 2])("A run with DIMOS_VALIDATE=1 and %i workers", (nWorkers) => {
  it("logs a bad message with its module, topic and path, delivers it to nobody, and goes on", async () => {
    const env = { ...process.env, DIMOS_VALIDATE: "1" };
    await using system = await run(autoconnect(Crasher.blueprint(), Listener.blueprint()), { nWorkers }, { env });
    const before = pids(system);
    // Published as our documentation does it: `void this.count.publish(...)`.
    await system.call("Crasher", "emit", ["seven"]);
    await system.call("Crasher", "emit", [8]);
    await expect.poll(() => system.call("Listener", "values", [])).toEqual([8]);
    expect(pids(system)).toEqual(before);
    expect(system.listModules().map(({ restarts }) => restarts)).toEqual([0, 0]);
    const problems = [...readRunLog(system.logDirectory, { level: "error" })];
    expect(problems.map(({ module, text }) => [module, text])).toEqual([
      [
        "Crasher",
        'Crasher published on /count what is not delivered: Invalid test/Count published on "count": value: Invalid input: expected number, received string',
      ],
    ]);
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import { EditedFiles } from "../../test/edited-file.ts";
import { pids, run } from "../../test/run.ts";
import { Listener } from "../../test/streams.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { readRunLog } from "../log/read-run-log.ts";
import type { RunEventName } from "../report/events.ts";
import type { ModuleCoordinator } from "./coordinator.ts";

const lidar = (hello: string, extra = "", port = "count: Count") => `
import { Module, rpc, spec } from CORE;
import { Count, Label } from MESSAGES;
export class Lidar extends Module({ source: import.meta.url, outputs: { ${port} } }) {
  hello = rpc(async () => "${hello}");
  emit = rpc(async (value: number) => { await this.count?.publish({ value }); });
  ${extra}
}`;

/** Ends the module's worker; resolves to how that went on, event after event. */
async function crash(system: ModuleCoordinator, instance: string): Promise<readonly (readonly [string, unknown])[]> {
  const events: [string, unknown][] = [];
  const isOver = Promise.withResolvers<void>();
  const offs = (["moduleCrashed", "moduleFailed", "moduleRestarted"] as RunEventName[]).map((name) =>
    system.on(name, (event) => {
      const { instance: of, reason } = event as { instance: string; reason?: string };
      if (of !== instance) return;
      events.push([name, reason]);
      if (name !== "moduleCrashed") isOver.resolve();
    }),
  );
  process.kill(pids(system)[instance] as number, "SIGKILL");
  await isOver.promise;
  for (const off of offs) off();
  return events;
}

function logged({ logDirectory }: ModuleCoordinator, part: string): string[] {
  const messages = [...readRunLog(logDirectory, { level: "warn" })].map(({ fields }) => String(fields.msg));
  return messages.filter((message) => message.includes(part));
}

describe("A module that crashes after an edit of its source", () => {
  let files: EditedFiles;

  beforeEach(() => {
    files = new EditedFiles();
    files.write("lidar.ts", lidar("old"));
  });

  async function system() {
    const Lidar = await files.importClass("lidar.ts", "Lidar");
    return run(autoconnect(Lidar.blueprint(), Listener.blueprint(), StressTest.blueprint()), { nWorkers: 1 });
  }

  it.each([
    ["a renamed port", lidar("new", "", "counts: Count"), /port "count" \(out test\/Count\) is gone/],
    ["a port of another type", lidar("new", "", "count: Label"), /port "count" .*is out test\/Label now/],
    ["a syntax error", "export class Lidar extends {{", /Lidar cannot be imported from .*lidar\.ts/],
    ["a throwing constructor", lidar("new", 'broken = (() => { throw new Error("no arm"); })();'), /no arm/],
    ["its file gone", undefined, /there is no such file/],
  ])("is given up at once, in one sentence, when that has %s (K10)", async (_, text, misfit) => {
    await using on = await system();
    if (text === undefined) files.remove("lidar.ts");
    else files.write("lidar.ts", text);
    const isBack = new Promise((resolve) => on.on("moduleRestarted", resolve));
    const events = await crash(on, "Lidar");
    expect(events).toEqual([
      ["moduleCrashed", "was ended by SIGKILL"],
      [
        "moduleFailed",
        expect.stringMatching(
          /^it cannot be started again as \/.*lidar\.ts has changed since it last started, and .* does not fit: .*run "dimos restart --module Lidar"$/s,
        ),
      ],
    ]);
    expect(events[1]?.[1]).toMatch(misfit);
    // Its neighbours come back, on the one worker.
    await isBack;
    await expect.poll(() => on.listModules().map(({ state }) => state)).toEqual(["failed", "running", "running"]);
    expect((await on.health()).workers.map(({ modules }) => modules)).toEqual([["Listener", "StressTest"]]);
    expect(logged(on, "reading 'type'")).toEqual([]);
    files.write("lidar.ts", lidar("mended"));
    await on.restartModule("Lidar");
    expect(await on.call("Lidar", "hello", [])).toBe("mended");
    await on.call("Lidar", "emit", [4]);
    await expect.poll(() => on.call("Listener", "values", [])).toEqual([4]);
  });

  it("comes back with the edit when that fits, which is said with the file (K10)", async () => {
    await using on = await system();
    files.write("lidar.ts", lidar("new", "", "count: Count, extra: Label"));
    expect(await crash(on, "Lidar")).toEqual([
      ["moduleCrashed", "was ended by SIGKILL"],
      ["moduleRestarted", undefined],
    ]);
    expect(await on.call("Lidar", "hello", [])).toBe("new");
    await on.call("Lidar", "emit", [4]);
    await expect.poll(() => on.call("Listener", "values", [])).toEqual([4]);
    expect(logged(on, "Lidar is started again from a source that has changed")).toEqual([
      `Lidar is started again from a source that has changed since it last started: ${files.directory}/lidar.ts`,
    ]);
  });
});

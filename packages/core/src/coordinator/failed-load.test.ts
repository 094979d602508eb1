import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import * as failing from "../../test/failing.ts";
import { ByClass, BySpec, Optional, Provider } from "../../test/refs.ts";
import { pids, run } from "../../test/run.ts";
import { Base, Last, Middle } from "../../test/stop-order.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { Blueprint } from "../blueprint/blueprint.ts";
import { Module } from "../module/module.ts";
import type { ModuleCoordinator } from "./coordinator.ts";

const STOP_MS = 1500;

async function workersOf(system: ModuleCoordinator) {
  return (await system.health()).workers.map(({ name, pid, modules }) => ({ name, pid, modules }));
}

function processesOf(system: ModuleCoordinator): number[] {
  return Object.values(pids(system));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Runs each module on a worker of its own, and stops; says how long that took, and which processes are left. */
async function stopped(blueprint: Blueprint) {
  const system = await run(blueprint, { nWorkers: 5, stopTimeoutMs: STOP_MS });
  const workers = [...new Set(processesOf(system))];
  const startedMs = performance.now();
  await system.stop();
  return { tookMs: performance.now() - startedMs, count: workers.length, alive: workers.filter(isAlive) };
}

const directory = mkdtempSync(join(tmpdir(), "dimos-failing-"));
afterAll(() => rmSync(directory, { recursive: true }));

describe.each([2, 0])("A load that fails, with nWorkers %i", (nWorkers) => {
  it.each([
    [failing.ThrowsInConstructor, "deploy", "broken in constructor"],
    [failing.ThrowsInBuild, "build", "broken in build"],
    [failing.ThrowsInStart, "start", "broken in start"],
  ])("names module, phase and cause, and leaves nothing (D2)", async (Broken, phase, reason) => {
    await expect(run(autoconnect(StressTest.blueprint(), Broken.blueprint()), { nWorkers })).rejects.toMatchObject({
      code: "LOAD_FAILED",
      message: `${Broken.name} failed to ${phase}: ${reason}`,
      data: { module: Broken.name, phase },
      cause: expect.objectContaining({ message: reason }),
    });
  });

  it("leaves what ran before untouched (A12, D2)", async () => {
    await using system = await run(StressTest.blueprint(), { nWorkers });
    const [before] = system.listModules();
    await expect(system.loadBlueprint(failing.ThrowsInStart.blueprint())).rejects.toThrow(
      "ThrowsInStart failed to start",
    );
    expect(system.listModules()).toEqual([before]);
    expect(await system.call("StressTest", "ping", [{}])).toBe("pong");
    await system.loadBlueprint(failing.Configured.blueprint({ name: "after" }));
    expect(await system.call("Configured", "settings", [])).toEqual({ name: "after", speed: 0.5 });
  });

  it("stops what it has started, consumers before their providers", async () => {
    const file = join(directory, `stops-${nWorkers}`);
    writeFileSync(file, "");
    const blueprint = autoconnect(Last.blueprint(), Middle.blueprint({ file }), Base.blueprint({ file }));
    await expect(run(blueprint, { nWorkers })).rejects.toThrow("Last failed to start: the last one fails");
    expect(readFileSync(file, "utf8")).toBe("Middle Base ");
    await using system = await run(StressTest.blueprint(), { nWorkers });
    await expect(system.loadBlueprint(blueprint)).rejects.toThrow("Last failed to start");
    expect(readFileSync(file, "utf8")).toBe("Middle Base Middle Base ");
  });

  it("is aborted by its caller and by stop, within bounds (A13)", async () => {
    const abort = new AbortController();
    const loading = run(failing.StartsForever.blueprint(), { nWorkers }, { signal: abort.signal });
    setImmediate(() => abort.abort(new Error("changed my mind")));
    await expect(loading).rejects.toMatchObject({ code: "LOAD_ABORTED" });

    const system = await run(StressTest.blueprint(), { nWorkers });
    const { promise: isDeployed, resolve } = Promise.withResolvers<unknown>();
    const second = system.loadBlueprint(failing.StartsForever.blueprint(), { onProgress: resolve });
    second.catch(() => {});
    await isDeployed;
    await system.stop();
    await expect(second).rejects.toMatchObject({ code: "LOAD_ABORTED" });
  });

  it("is found wrong before anything is started: config and requirements", async () => {
    const progress: unknown[] = [];
    const options = { onProgress: (step: unknown) => progress.push(step) };
    await expect(run(failing.Configured.blueprint({ speed: 1 }), { nWorkers }, options)).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringMatching(/^Invalid config of Configured: name: /),
    });
    await expect(
      run(failing.Configured.blueprint({ name: "x" }), { nWorkers }, { ...options, config: { sped: 1 } }),
    ).rejects.toThrow('There is no setting "sped" (from the caller). Did you mean "speed"?');
    const needy = StressTest.blueprint().requirements(
      () => "no camera",
      () => undefined,
      async () => "no disk",
    );
    await expect(run(needy, { nWorkers }, options)).rejects.toThrow(
      "Requirements are not met:\n- no camera\n- no disk",
    );
    await expect(run(StressTest.blueprint().disabledModules(StressTest), { nWorkers }, options)).rejects.toThrow(
      "The blueprint has no modules left to run; disabled: StressTest",
    );
    expect(progress).toEqual([]);
  });
});

describe("A module file that cannot be used", () => {
  /** A class of the test that claims to be exported by another file. */
  function claims(source: string) {
    return class Missing extends Module({ source: pathToFileURL(source).href }) {};
  }

  it("is named with its line when it has a syntax error", async () => {
    const file = join(directory, "syntax-error.ts");
    writeFileSync(file, "export const fine = 1;\nexport class Missing extends {{\n");
    await expect(run(claims(file).blueprint())).rejects.toThrow(
      /^Missing failed to deploy: Missing cannot be imported from .*syntax-error\.ts: .*syntax-error\.ts:2/s,
    );
  });

  it("is named when it does not exist, and when it does not export the class", async () => {
    await expect(run(claims(join(directory, "nowhere.ts")).blueprint())).rejects.toThrow(
      /Missing cannot be imported from .*nowhere\.ts: there is no such file\. Give "source" the import\.meta\.url of the file that exports Missing; /,
    );
    const file = join(directory, "other.ts");
    writeFileSync(file, "export class Mising {}\n");
    await expect(run(claims(file).blueprint())).rejects.toThrow(
      /other\.ts does not export a module class "Missing"\. Did you mean "Mising"\?/,
    );
  });
});

describe("Worker processes", () => {
  it("end a load also when they die with a module that has started, while another still starts (D2)", async () => {
    const { promise: isUp, resolve } = Promise.withResolvers<void>();
    let system: ModuleCoordinator | undefined;
    const loading = run(
      autoconnect(failing.StartsForever.blueprint(), StressTest.blueprint()),
      { nWorkers: 2 },
      {
        onCoordinator: (coordinator) => {
          system = coordinator;
        },
        onProgress: ({ phase, module }) => phase === "start" && module === "StressTest" && resolve(),
      },
    );
    loading.catch(() => {});
    await isUp;
    process.kill(pids(system as ModuleCoordinator).StressTest as number, "SIGKILL");
    await expect(loading).rejects.toThrow(/^StressTest failed to start: Worker worker-\d was ended by SIGKILL$/);
  });

  it("end a load at once when one of them dies, naming its signal (D2)", async () => {
    await expect(run(autoconnect(StressTest.blueprint(), failing.DiesInStart.blueprint()))).rejects.toThrow(
      /^DiesInStart failed to start: Worker worker-\d was ended by SIGKILL$/,
    );
  });

  it("of a load that fails are gone, and those that were there stay as they are (D2)", async () => {
    await using system = await run(autoconnect(Counter.blueprint(), Listener.blueprint()), { nWorkers: 4 });
    const before = [await workersOf(system), await system.listTopics(), system.listModules()];
    const started: number[] = [];
    const load = autoconnect(
      Provider.blueprint(),
      failing.StartsForever.blueprint(),
      failing.ThrowsInStart.blueprint(),
    );
    const onProgress = ({ phase }: { phase: string }) => {
      if (phase !== "spawn") started.push(...processesOf(system));
    };
    // At once: the one that starts for ever would have 20 minutes.
    await expect(system.loadBlueprint(load, { onProgress })).rejects.toThrow("ThrowsInStart failed to start");
    expect([await workersOf(system), await system.listTopics(), system.listModules()]).toEqual(before);
    const kept = processesOf(system);
    const added = [...new Set(started)].filter((pid) => !kept.includes(pid));
    expect(added).toHaveLength(2);
    expect(added.filter(isAlive)).toEqual([]);
  });

  it.each([
    ["constructor", autoconnect(failing.ConstructsForever.blueprint(), failing.ThrowsInConstructor.blueprint())],
    ["build", autoconnect(failing.StartsForever.blueprint(), failing.ThrowsInBuild.blueprint())],
  ])("of a load that fails in %s do not wait for those that are not ready (D2)", async (where, load) => {
    await expect(run(load, { nWorkers: 2 })).rejects.toThrow(`broken in ${where}`);
  });

  it("that ignore shutdown are killed at the deadline: five, one of them deaf to SIGTERM, as fast as one (E3)", async () => {
    const stuck = (count: number) =>
      Array.from({ length: count }, (_, index) => failing.HangsInStop.blueprint().namespace(`r${index}`));
    const one = await stopped(autoconnect(...stuck(1)));
    const five = await stopped(autoconnect(...stuck(4), failing.SpinsInStop.blueprint()));
    expect(five.alive).toEqual([]);
    expect(five.count).toBe(5);
    // One after the other, they would take five times as long.
    expect(five.tookMs).toBeLessThan(one.tookMs + 2 * STOP_MS);
  });
});

it("A second load whose essential module dies while it starts is an error of that load, and of nothing else (D2)", async () => {
  await using system = await run(StressTest.blueprint(), { nWorkers: 2 });
  const events: string[] = [];
  for (const name of ["moduleCrashed", "moduleFailed", "stopped"] as const) system.on(name, () => events.push(name));
  await expect(system.loadBlueprint(failing.EssentialExits.blueprint())).rejects.toMatchObject({
    code: "LOAD_FAILED",
    message: expect.stringMatching(/^EssentialExits failed to start: Worker worker-\d ended with exit code 3/),
  });
  expect(events).toEqual([]);
  expect(await system.call("StressTest", "ping", [{}])).toBe("pong");
});

it("A load that is aborted before it begins leaves what earlier loads have disabled (C4)", async () => {
  const disabled = autoconnect(StressTest.blueprint(), Provider.blueprint()).disabledModules(Provider);
  await using system = await run(disabled, { nWorkers: 0 });
  const other = autoconnect(Optional.blueprint(), failing.ThrowsInStart.blueprint()).disabledModules(
    failing.ThrowsInStart,
  );
  await expect(system.loadBlueprint(other, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "LOAD_ABORTED",
  });
  await system.loadBlueprint(BySpec.blueprint());
  await expect(system.call("BySpec", "sum", [])).rejects.toMatchObject({ code: "MODULE_DISABLED" });
  // It calls its provider when it starts.
  await expect(system.loadBlueprint(ByClass.blueprint())).rejects.toMatchObject({ cause: { code: "MODULE_DISABLED" } });
});

it("What a load has disabled that failed is not there for later ones: they hear what is missing before they start (C4)", async () => {
  await using system = await run(StressTest.blueprint(), { nWorkers: 0 });
  const broken = autoconnect(Provider.blueprint(), failing.ThrowsInStart.blueprint()).disabledModules(Provider);
  await expect(system.loadBlueprint(broken)).rejects.toThrow("ThrowsInStart failed to start");
  await expect(system.loadBlueprint(ByClass.blueprint())).rejects.toMatchObject({ code: "REF_UNRESOLVED" });
  await system.loadBlueprint(autoconnect(Provider.blueprint(), ByClass.blueprint()));
  expect(await system.call("ByClass", "sum", [])).toBe(3);
});

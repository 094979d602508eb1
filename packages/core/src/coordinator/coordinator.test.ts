import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BetterProvider, ByClass, BySpec, Optional, Ping, Pong, Provider } from "../../test/refs.ts";
import { pids, run } from "../../test/run.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";

// D7: one suite, with worker processes and with everything in one process.
describe.each([2, 0])("ModuleCoordinator with nWorkers %i (D7)", (nWorkers) => {
  it("calls methods where they run, and reads deep paths (A8)", async () => {
    await using system = await run(StressTest.blueprint(), { nWorkers });
    expect(await system.call("StressTest", "echo", [{ message: "hello" }])).toBe("hello");
    expect(await system.call("StressTest", "info", [{}])).toEqual({
      pid: pids(system).StressTest,
      module: "StressTest",
    });
    expect(pids(system).StressTest === process.pid).toBe(nWorkers === 0);
    expect(await system.call("StressTest", "$read", [["_depth", "_answer"]])).toBe(42);
    await expect(system.call("StressTest", "$read", [["_depth", "_anser"]])).rejects.toThrow(
      'StressTest._depth has no property "_anser". Did you mean "_answer"?',
    );
    await expect(system.call("StressTest", "$read", [["stop"]])).rejects.toThrow("belongs to the life cycle");
    await expect(system.call("StressTest", "$callPath", [["_depth", "list", "pop"], []])).rejects.toMatchObject({
      code: "NO_SUCH_METHOD",
    });
  });

  it("refuses input that does not fit the schema, and completes it with defaults", async () => {
    await using system = await run(StressTest.blueprint(), { nWorkers });
    await expect(system.call("StressTest", "echo", [{ message: 7 }])).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringMatching(/^Invalid input: message: /),
    });
    const progress: unknown[] = [];
    expect(
      await system.call("StressTest", "slow", [{ seconds: 0 }], { onProgress: (value) => progress.push(value) }),
    ).toBe(0);
    expect(progress).toEqual([{ left: 0 }]);
  });

  it("ends a call at its deadline and on abort, and aborts the method's own signal", async () => {
    await using system = await run(StressTest.blueprint(), { nWorkers });
    await expect(system.call("StressTest", "slow", [{ seconds: 30 }], { timeoutMs: 50 })).rejects.toMatchObject({
      code: "CALL_TIMEOUT",
    });
    const abort = new AbortController();
    const call = system.call("StressTest", "slow", [{ seconds: 30 }], { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(call).rejects.toMatchObject({
      code: "CALL_ABORTED",
      cause: expect.objectContaining({ message: "enough" }),
    });
  });

  it("connects streams of equal name and type, complete and in order (D1, F1)", async () => {
    await using system = await run(autoconnect(Counter.blueprint(), Listener.blueprint()), { nWorkers });
    await system.call("Counter", "emit", [1, 10]);
    await expect.poll(() => system.call("Listener", "values", [])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("carries typed arrays as what they are, aligned (F6)", async () => {
    await using system = await run(autoconnect(Counter.blueprint(), Listener.blueprint()), { nWorkers });
    const next = system.call("Listener", "nextCloud", []);
    await system.call("Listener", "values", []);
    await system.call("Counter", "emitCloud", [new Float32Array([1.5, 2.5, 3.5])]);
    expect(await next).toEqual({ kind: "Float32Array", aligned: true, points: new Float32Array([1.5, 2.5, 3.5]) });
  });

  it("gives the last value of a latched stream to a module that is loaded later (D1, J4)", async () => {
    await using system = await run(Counter.blueprint(), { nWorkers });
    await system.call("Counter", "emitMap", [[1, 2, 3]]);
    expect(await system.loadBlueprint(Listener.blueprint())).toEqual(["Listener"]);
    expect(await system.call("Listener", "lastMap", [])).toEqual({ cells: [1, 2, 3] });
  });

  it("resolves references by class and by methods, and starts providers first (C4)", async () => {
    const blueprint = autoconnect(
      ByClass.blueprint(),
      BySpec.blueprint(),
      Optional.blueprint(),
      BetterProvider.blueprint(),
    );
    await using system = await run(blueprint, { nWorkers });
    expect(await system.call("ByClass", "startedAfterProvider", [])).toBe(true);
    expect(await system.call("ByClass", "sum", [])).toBe(3);
    expect(await system.call("BySpec", "sum", [])).toBe(5);
    expect(await system.call("Optional", "has", [])).toBe(true);
  });

  it("lets modules call each other back without a deadlock (B7)", async () => {
    await using system = await run(autoconnect(Ping.blueprint(), Pong.blueprint()), { nWorkers });
    expect(await system.call("Ping", "rally", [9])).toBe(0);
  });

  it("rejects calls to a disabled module by its name (C4)", async () => {
    const blueprint = autoconnect(Provider.blueprint(), BySpec.blueprint()).disabledModules(Provider);
    await using system = await run(blueprint, { nWorkers });
    await expect(system.call("BySpec", "sum", [])).rejects.toMatchObject({
      code: "MODULE_DISABLED",
      message: "BySpec.adder refers to Provider, which the blueprint disables",
    });
  });

  it("runs one class twice, in namespaces, each with its own streams (C2)", async () => {
    const robot = autoconnect(Counter.blueprint(), Listener.blueprint());
    await using system = await run(autoconnect(robot.namespace("robot0"), robot.namespace("robot1")), { nWorkers });
    await system.call("robot0/Counter", "emit", [1, 2]);
    await expect.poll(() => system.call("robot0/Listener", "values", [])).toEqual([1, 2]);
    expect(await system.call("robot1/Listener", "values", [])).toEqual([]);
  });

  it("adds modules to a run, and refuses one that is there already (D1)", async () => {
    await using system = await run(Provider.blueprint(), { nWorkers });
    const before = system.generation;
    await system.loadBlueprint(ByClass.blueprint());
    expect(await system.call("ByClass", "sum", [])).toBe(3);
    expect(system.generation).toBeGreaterThan(before);
    await expect(system.loadBlueprint(Provider.blueprint())).rejects.toThrow("Provider: already deployed");
  });

  it("names what is not there, with a suggestion", async () => {
    await using system = await run(StressTest.blueprint(), { nWorkers });
    await expect(system.call("StresTest", "ping", [{}])).rejects.toThrow(
      'No module named "StresTest". Did you mean "StressTest"?',
    );
    await expect(system.call("StressTest", "pin", [{}])).rejects.toThrow(/Did you mean "StressTest\.ping"\?/);
  });

  it("stops once, leaves no socket, and keeps the log of the run", async () => {
    const system = await run(autoconnect(Counter.blueprint(), Listener.blueprint()), { nWorkers });
    const sockets = join(process.env.XDG_RUNTIME_DIR as string, "dimos-ts");
    expect(readdirSync(sockets)).toHaveLength(1);
    await Promise.all([system.stop(), system.stop()]);
    expect(readdirSync(sockets)).toEqual([]);
    expect(system.listModules()).toEqual([]);
    await expect(system.call("Counter", "emit", [1, 2])).rejects.toMatchObject({ code: "COORDINATOR_STOPPED" });
    await expect(system.loadBlueprint(StressTest.blueprint())).rejects.toMatchObject({ code: "COORDINATOR_STOPPED" });
    expect(existsSync(system.logDirectory)).toBe(true);
  });
});

describe("ModuleCoordinator", () => {
  it("puts four modules on two workers, two each (E1)", async () => {
    const blueprint = autoconnect(
      StressTest.blueprint(),
      Counter.blueprint(),
      Listener.blueprint(),
      Provider.blueprint(),
    );
    await using system = await run(blueprint, { nWorkers: 2 });
    const perWorker = Map.groupBy(system.listModules(), ({ pid }) => pid);
    expect([...perWorker.values()].map((modules) => modules.length)).toEqual([2, 2]);
    expect(perWorker.has(process.pid)).toBe(false);
  });

  it("writes the log of each process to its own file, as JSON lines with module and worker", async () => {
    await using system = await run(autoconnect(Counter.blueprint(), Listener.blueprint()), {
      nWorkers: 2,
      logLevel: "debug",
    });
    await system.stop();
    const files = readdirSync(system.logDirectory).sort();
    expect(files).toEqual(["coordinator.jsonl", "worker-1.jsonl", "worker-2.jsonl"]);
    const lines = files.flatMap((file) => readFileSync(join(system.logDirectory, file), "utf8").trim().split("\n"));
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ run: system.runId, level: expect.any(String), msg: expect.any(String) });
  });
});

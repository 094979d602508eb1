import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Mapper } from "../test/mapper.ts";
import { MODES, openApp } from "../test/modes.ts";
import { BreaksInStart, NeverStarts, Reserved, StressTest, Twin } from "../test/stress-test.ts";
import { Dimos } from "./index.ts";

const QUIET = { consoleLevel: "silent" } as const;

describe("Dimos before run", () => {
  it("is not running and has started nothing (A2)", async () => {
    await using app = new Dimos(QUIET);
    expect([app.isRunning, app.state, app.listModules()]).toEqual([false, "idle", []]);
    expect(inspect(app)).toBe("<Dimos idle modules=[]>");
  });

  it("refuses wrong settings in the constructor, with a suggestion (A2)", () => {
    // @ts-expect-error misspelt on purpose
    expect(() => new Dimos({ nWorker: 4 })).toThrow('There is no setting "nWorker". Did you mean "nWorkers"?');
    expect(() => new Dimos({ nWorkers: -1 })).toThrow(/^Setting "nWorkers": /);
    expect(() => new Dimos({ clock: "simulation" })).toThrow("set nWorkers to 0");
  });

  it("says that no modules are running (A3)", async () => {
    await using app = new Dimos(QUIET);
    expect(() => app.skills).toThrow("No modules are running");
    expect(() => app.StressTest).toThrow("No modules are running");
    expect(() => app.getModule("StressTest")).toThrow("No modules are running");
    expect(() => app.listSkills()).toThrow("No modules are running");
  });

  it("refuses what cannot be run (A1)", async () => {
    await using app = new Dimos(QUIET);
    const message = (got: string) => `run() expects a blueprint name, a Blueprint or a Module class, got ${got}`;
    // @ts-expect-error wrong on purpose
    await expect(app.run(42)).rejects.toThrow(message("number"));
    // @ts-expect-error wrong on purpose
    await expect(app.run(undefined)).rejects.toThrow(message("undefined"));
    // @ts-expect-error wrong on purpose
    await expect(app.run([StressTest, { not: "a module" }])).rejects.toThrow(message("an object (Object)"));
    await expect(app.run([])).rejects.toThrow(message("an empty array"));
    await expect(app.run("no-such-thing")).rejects.toThrow('Unknown blueprint or module: "no-such-thing".');
    await expect(app.run(Reserved)).rejects.toThrow(
      'A module cannot be named "skills": app.skills is a member of Dimos.',
    );
    expect(app.state).toBe("idle");
  });

  it("stops without having run, more than once, and runs no more (A3)", async () => {
    const app = new Dimos(QUIET);
    await app.stop();
    await app.stop();
    expect(app.state).toBe("stopped");
    await expect(app.run(StressTest)).rejects.toThrow("This Dimos instance has been stopped");
  });
});

describe.each([1, 0])("Dimos with nWorkers %i (D7)", (nWorkers) => {
  const settings = { ...QUIET, nWorkers };

  it("waits for a first run no longer than its own deadline (K6)", async () => {
    await using app = new Dimos(settings);
    let hasFirstEnded = false;
    const first = app.run(NeverStarts, { timeoutMs: 2_000 }).finally(() => {
      hasFirstEnded = true;
    });
    const second = app.run(Twin, { timeoutMs: 100 });
    await Promise.all([
      expect(first).rejects.toMatchObject({ code: "LOAD_ABORTED" }),
      expect(second).rejects.toMatchObject({ code: "LOAD_ABORTED" }),
      second.catch(() => expect(hasFirstEnded).toBe(false)),
    ]);
  });

  it("runs a class, a blueprint, an array, and adds to what runs (A1, A12)", async () => {
    await using app = new Dimos(settings);
    const handle = await app.run([StressTest, Twin.blueprint().namespace("other")], { name: "test" });
    expect(handle.modules).toEqual(["StressTest", "other/Twin"]);
    expect((await app.run(Twin)).modules).toEqual(["Twin"]);
    expect(app.listModules().map(({ instance, state }) => [instance, state])).toEqual([
      ["StressTest", "running"],
      ["other/Twin", "running"],
      ["Twin", "running"],
    ]);
    expect(inspect(app)).toBe("<Dimos running modules=[StressTest, other/Twin, Twin]>");
    await handle.stop();
    expect([app.isRunning, app.state]).toEqual([false, "stopped"]);
    expect(() => app.skills).toThrow("No modules are running");
  });

  it("stops during a run that does not come to an end (A13)", async () => {
    const app = new Dimos({ ...settings, stopTimeoutMs: 2000 });
    const { promise: deployed, resolve } = Promise.withResolvers<unknown>();
    const running = app.run(NeverStarts, { onProgress: resolve });
    running.catch(() => {});
    await deployed;
    expect([app.state, app.isRunning, app.listModules()]).toEqual(["starting", false, []]);
    await app.stop();
    await expect(running).rejects.toMatchObject({ code: "LOAD_ABORTED" });
    expect(app.state).toBe("stopped");
  });

  it("calls undeclared methods only with debugCalls (A8)", async () => {
    await using app = new Dimos({ ...settings, debugCalls: true });
    await app.run(StressTest);
    expect(await app.StressTest._deep.gripper.open()).toBe("opened to 0.08");
    await expect(app.StressTest.stop()).rejects.toThrow(/life cycle/);
  });
});

describe.each(MODES)("Dimos, %s", (mode) => {
  let app: Dimos;
  let close: () => Promise<void>;

  beforeEach(async () => {
    ({ app, close } = await openApp(mode));
  });

  afterEach(() => close());

  it("keeps the first system when a second run fails (A12)", async () => {
    await expect(app.run(BreaksInStart)).rejects.toThrow("BreaksInStart failed to start: no gripper");
    expect(await app.skills.ping()).toBe("pong");
    expect(app.listModules()).toHaveLength(1);
  });

  it("gives a run up at its deadline, and leaves nothing of it (K6)", async () => {
    // The second one waits for the first, and no longer than it may.
    const first = app.run(NeverStarts, { timeoutMs: 800 });
    const second = app.run(Twin, { timeoutMs: 200 });
    await expect(second).rejects.toMatchObject({ code: "LOAD_ABORTED", cause: { name: "TimeoutError" } });
    await expect(first).rejects.toMatchObject({ code: "LOAD_ABORTED", cause: { name: "TimeoutError" } });
    await expect.poll(() => app.listModules().map(({ instance }) => instance)).toEqual(["StressTest"]);
    expect(await app.skills.ping()).toBe("pong");
  });

  it("reaches a module in three ways, and names what is not there (A4)", async () => {
    expect(await app.StressTest.ping()).toBe("pong");
    expect(await app.getModule("StressTest").ping()).toBe("pong");
    expect(await app.modules.StressTest.ping()).toBe("pong");
    expect(await app.getModule(StressTest).add(2, 3)).toBe(5);
    expect(() => app.StresTest).toThrow('No module named "StresTest". Did you mean "StressTest"?');
    expect(() => app.getModule(Twin)).toThrow('No module named "Twin"');
  });

  it("reads deep paths where the module runs, and nothing that it should not (A8)", async () => {
    const { _deep } = app.StressTest;
    expect(await _deep._answer).toBe(42);
    expect(await _deep.list).toEqual([1, 2, 3]);
    expect(await _deep.list[1]).toBe(2);
    expect(await _deep.gripper.force).toBe(12);
    expect(await _deep.gripper).toEqual({ width: 0.08 });
    await expect(Promise.resolve(_deep._anser)).rejects.toThrow(
      'StressTest._deep has no property "_anser". Did you mean "_answer"?',
    );
    await expect(Promise.resolve(_deep.nothing.more)).rejects.toThrow(/StressTest\._deep\.nothing is null/);
    await expect(Promise.resolve(_deep.gripper.open)).rejects.toThrow(/function/);
    await expect(_deep.gripper.open()).rejects.toThrow(/debugCalls/);
    for (const name of ["constructor", "__proto__", "prototype"]) {
      await expect(Promise.resolve(_deep[name])).rejects.toMatchObject({ code: "PATH_REFUSED" });
    }
    for (const name of ["start", "stop", "build"]) {
      await expect(Promise.resolve(app.StressTest[name])).rejects.toThrow(/life cycle/);
    }
    expect(() => {
      app.StressTest._deep = 1;
    }).toThrow();
  });

  it("answers what programs probe for without asking the module (A9)", async () => {
    expect(await app).toBe(app);
    expect(await app.StressTest).toBeDefined();
    expect(`${app.StressTest}`).toContain("StressTest");
    expect(JSON.stringify({ m: app.StressTest })).toContain("m");
    expect(inspect(app.StressTest)).toContain("StressTest");
    expect(() => expect(app.StressTest).toEqual({})).toThrow();
    expect(Object.keys(app.StressTest)).toEqual(["add", "emit", "fail", "echo", "ping", "slow", "info"]);
  });

  it("lists and describes modules and methods (A5)", async () => {
    expect(app.listRpcs("StressTest").map(({ kind, signature }) => `${kind} ${signature}`)).toEqual([
      "rpc add(a, b)",
      "rpc emit(value)",
      "rpc fail()",
      "skill echo({ message: string })",
      "skill ping()",
      "skill slow({ seconds?: number })",
      "skill info()",
    ]);
    const described = {
      instance: "StressTest",
      className: "StressTest",
      source: expect.stringMatching(/stress-test\.ts$/),
      state: "running",
    };
    expect(app.describe("StressTest")).toMatchObject(described);
    expect(app.describe(app.StressTest)).toMatchObject(described);
    expect(app.describe(StressTest)).toMatchObject(described);
    expect(app.describe("StressTest.echo")).toMatchObject({
      kind: "skill",
      description: "Says it back.",
      input: { type: "object" },
    });
    expect(() => app.describe("echo")).toThrow('"echo" is a method: say of which module. Use one of: StressTest.echo');
    expect(() => app.describe("StressTest.ecko")).toThrow('StressTest has no method "ecko". Did you mean "echo"?');
    expect(await app.call("StressTest.add", [2, 3])).toBe(5);
    await expect(app.call("StressTest.slow", [{ seconds: 30 }], { timeoutMs: 50 })).rejects.toMatchObject({
      code: "CALL_TIMEOUT",
    });
  });

  it("peeks at streams and subscribes to them (A10)", async () => {
    const tick = app.peekStream("tick", { timeoutMs: 5000 });
    const timer = setInterval(() => void app.StressTest.emit(7), 20);
    expect(await tick).toEqual({ value: 7 });
    clearInterval(timer);
    await app.StressTest.emit(0);
    const seen: unknown[] = [];
    const unsubscribe = await app.subscribe("/tick", (message) => seen.push(message));
    await expect
      .poll(async () => {
        await app.StressTest.emit(1);
        return seen.length;
      })
      .toBeGreaterThan(0);
    unsubscribe();
    const { length } = seen;
    await app.StressTest.emit(2);
    expect(await app.peekStream("tick", { timeoutMs: 30 })).toBeNull();
    expect(seen).toHaveLength(length);
    await expect(app.peekStream("tock")).rejects.toThrow(
      'No running module exposes a stream named "tock". Running modules: StressTest',
    );
  });

  it("peeks at the value of a latched stream that is the latest now, also after a restart of its module (A10, J4)", async () => {
    await app.run(Mapper);
    const peek = () => app.peekStream("drawing", { timeoutMs: 5000 });
    for (const cells of [1, 21, 41]) {
      await app.Mapper.draw(cells);
      expect([await peek(), await peek()]).toEqual([{ cells }, { cells }]);
    }
    await app.Mapper.draw(61);
    const seen: unknown[] = [];
    const unsubscribe = await app.subscribe("drawing", (message) => seen.push(message), { maxRateHz: 0.01 });
    await expect.poll(() => seen).toEqual([{ cells: 61 }]);
    await app.Mapper.draw(81);
    expect(await peek()).toEqual({ cells: 81 });
    unsubscribe();
    await app.restart(Mapper, { reloadSource: false });
    expect(await app.peekStream("drawing", { timeoutMs: 50 })).toBeNull();
    await app.Mapper.draw(101);
    expect(await peek()).toEqual({ cells: 101 });
  });

  it("restarts a module: skills work, also through an object taken before, and streams go on (A11)", async () => {
    const { skills } = app;
    const seen: unknown[] = [];
    await app.subscribe("tick", (message) => seen.push(message));
    const restarted = new Promise((resolve) => app.on("moduleRestarted", resolve));
    await app.restart(StressTest, { reloadSource: false });
    expect(await restarted).toEqual({ instance: "StressTest", cause: "asked" });
    expect(await skills.ping()).toBe("pong");
    await expect
      .poll(async () => {
        await app.StressTest.emit(1);
        return seen.length;
      })
      .toBeGreaterThan(0);
  });

  it("calls a listener as often as it was given, and no more once that is over", async () => {
    let calls = 0;
    const listener = () => calls++;
    const first = app.on("modulesChanged", listener);
    app.on("modulesChanged", listener);
    first();
    await app.run(Twin);
    await expect.poll(() => calls).toBe(1);
  });

  it("unloads a module, and says how the run is doing", async () => {
    await app.run(Twin);
    expect(await app.health()).toMatchObject({
      state: "healthy",
      modules: [{ instance: "StressTest" }, { instance: "Twin" }],
    });
    await app.unload("Twin");
    expect(() => app.Twin).toThrow("No module named");
    expect(app.listModules().map(({ instance }) => instance)).toEqual(["StressTest"]);
  });

  it("carries errors with their name, message and cause", async () => {
    await expect(app.StressTest.fail()).rejects.toMatchObject({
      name: "RangeError",
      message: "out of reach",
      cause: expect.objectContaining({ message: "arm too short" }),
    });
  });
});

it("keeps two Dimos with different settings apart (A14)", async () => {
  await using one = new Dimos({ ...QUIET, nWorkers: 0 });
  await using two = new Dimos({ ...QUIET, nWorkers: 1 });
  await Promise.all([one.run(StressTest), two.run(Twin)]);
  expect(one.listModules().map(({ pid }) => pid)).toEqual([process.pid]);
  expect(two.listModules().map(({ pid }) => pid)).not.toEqual([process.pid]);
  expect(() => one.Twin).toThrow("No module named");
  await one.stop();
  expect(await two.skills.ping()).toBe("pong from Twin");
});

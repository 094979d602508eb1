import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MODES, openApp } from "../test/modes.ts";
import { Dimos } from "./index.ts";

// biome-ignore lint/suspicious/noExplicitAny: programs without types are what this is about
type Untyped = any;

const QUIET = { consoleLevel: "silent" } as const;

const refused: readonly [string, (app: Untyped) => unknown, string][] = [
  [
    "getModule(42)",
    (app) => app.getModule(42),
    "a module must be given by its name, its class or a handle to it, got 42",
  ],
  ["getModule()", (app) => app.getModule(), "a module must be given by its name"],
  ["getModule({})", (app) => app.getModule({}), "a module must be given by its name"],
  ["getModule(class)", (app) => app.getModule(class {}), "a module must be given by its name"],
  ["describe(null)", (app) => app.describe(null), "a module must be given by its name"],
  ["describe(app.skills)", (app) => app.describe(app.skills), "a module must be given by its name"],
  ["describe(a path)", (app) => app.describe(app.StressTest._deep), "a module must be given by its name"],
  ["listRpcs(42)", (app) => app.listRpcs(42), "a module must be given by its name"],
  ["restart(42)", (app) => app.restart(42), "a module must be given by its name"],
  ["unload()", (app) => app.unload(), "a module must be given by its name"],
  ["call()", (app) => app.call(), 'what is called must be a text like "Module.method", got undefined'],
  ["call(name, text)", (app) => app.call("StressTest.add", "2"), "the arguments of StressTest.add must be an array"],
  [
    "call(.., options)",
    (app) => app.call("StressTest.add", [1, 2], { timeoutMs: "1 s" }),
    "timeoutMs must be a number",
  ],
  ["a skill's deadline", (app) => app.skills.ping({}, { timeoutMs: Number.NaN }), "timeoutMs must be a number"],
  ["a skill's signal", (app) => app.skills.ping({}, { signal: {} }), "signal must be an AbortSignal"],
  ["a skill's options", (app) => app.StressTest.ping({}, 5), "the options of a call must be an object, got 5"],
  ["a skill's progress", (app) => app.skills.ping({}, { onProgress: true }), "onProgress must be a function, got true"],
  ["run(.., options)", (app) => app.run([], { timeoutMs: "1 s" }), "timeoutMs must be a number"],
  ["peekStream(42)", (app) => app.peekStream(42), "a stream must be given by its name, got 42"],
  ["peekStream(.., options)", (app) => app.peekStream("tick", { timeoutMs: "1 s" }), "timeoutMs must be a number"],
  ["publish(42)", (app) => app.publish(42, {}), "a stream must be given by its name, got 42"],
  ["subscribe(42)", (app) => app.subscribe(42, () => {}), "a stream must be given by its name, got 42"],
  ["subscribe(name)", (app) => app.subscribe("tick"), "a subscriber must be a function, got undefined"],
  ["a qos", (app) => app.subscribe("tick", () => {}, { keep: "some" }), 'keep must be "latest", "queue" or "all"'],
  ["an event", (app) => app.on("moduleCrash", () => {}), "an event must be one of modulesChanged, moduleCrashed, "],
  ["a listener", (app) => app.on("moduleCrashed", 5), "a listener must be a function, got 5"],
];

describe.each(MODES)("Dimos, %s", (mode) => {
  let open: Awaited<ReturnType<typeof openApp>>;

  beforeAll(async () => {
    open = await openApp(mode);
  });

  afterAll(() => open.close());

  it.each(refused)("%s is refused, and says what it takes", async (_, use, message) => {
    const { app } = open;
    const error = await new Promise((resolve) => resolve(use(app))).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining(message) });
    expect(await app.skills.ping()).toBe("pong");
  });

  it("says of a module where a method is wanted which there are, and of a name that it is none (A5)", async () => {
    const { app } = open;
    await expect(app.call("StressTest")).rejects.toThrow(
      '"StressTest" is a module: say which method. Use one of: StressTest.add, StressTest.emit',
    );
    expect(() => app.listRpcs("StresTest")).toThrow('No module named "StresTest". Did you mean "StressTest"?');
  });

  it("takes of a qos what it says, and the rest as the stream has it (A10)", async () => {
    const { app } = open;
    const [all, few]: [unknown[], unknown[]] = [[], []];
    const unsubscribes = [
      await app.subscribe("tick", (message) => few.push(message), { maxRateHz: 0.1 }),
      await app.subscribe("tick", (message) => all.push(message)),
    ];
    for (let value = 0; value < 5; value++) await app.StressTest.emit(value);
    await expect.poll(() => all).toHaveLength(5);
    expect(few).toEqual([{ value: 0 }]);
    for (const unsubscribe of unsubscribes) unsubscribe();
  });
});

it("refuses settings and options that are no objects (A2)", async () => {
  for (const settings of [null, 5, "x", []])
    expect(() => new Dimos(settings as Untyped)).toThrow("the settings of a Dimos must be an object, got ");
  await expect(Dimos.connect("my-run" as Untyped)).rejects.toThrow(
    'the options of connect must be an object, got "my-run"',
  );
});

it("refuses at once a name for a run that nobody could stop it by", async () => {
  await using app = new Dimos();
  const named = app.run([], { name: "-x" });
  await expect(named).rejects.toThrow(/^the name of a run must be a name of at most 64 letters.*, got "-x"$/);
});

it("refuses the name of a run that is none", async () => {
  await expect(Dimos.connect({ run: 5 as Untyped })).rejects.toThrow("run must be an id or a name, got 5");
});

it("rejects, and never throws, where there is a promise to wait for (A3)", async () => {
  const app: Untyped = new Dimos(QUIET);
  const ways: readonly (() => Promise<unknown>)[] = [
    () => app.peekStream("tick"),
    () => app.subscribe("tick", () => {}),
    () => app.publish("tick", {}),
    () => app.restart("StressTest"),
    () => app.unload("StressTest"),
    () => app.call("StressTest.ping"),
    () => app.health(),
    () => app.metrics(),
    () => app.listTopics(),
    () => app.estop(),
    () => app.resetEstop(),
  ];
  for (const ask of ways) await expect(ask()).rejects.toThrow("No modules are running");
  await expect(app.disconnect()).rejects.toThrow("there is nothing to disconnect from. Use stop()");
  await app.stop();
  for (const ask of ways) await expect(ask()).rejects.toThrow("No modules are running");
});

it("reads no streams after it has stopped, though it did before (A3)", async () => {
  const { app, close } = await openApp("in one process");
  expect(await app.peekStream("tick", { timeoutMs: 1 })).toBeNull();
  await close();
  await expect(app.peekStream("tick")).rejects.toThrow("No modules are running");
  await expect(app.subscribe("tick", () => {})).rejects.toThrow("No modules are running");
});

it("runs without a deadline when it is given one longer than timers take", async () => {
  await using app = new Dimos({ ...QUIET, nWorkers: 0 });
  const { StressTest } = await import("../test/stress-test.ts");
  for (const timeoutMs of [Number.POSITIVE_INFINITY, 2 ** 40]) {
    await app.run(StressTest, { timeoutMs });
    await app.unload(StressTest);
  }
});

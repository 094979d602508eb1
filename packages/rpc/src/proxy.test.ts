import { inspect } from "node:util";
import { expect, test, vi } from "vitest";
import { createProxy, type ProxyTarget } from "./index.ts";

// biome-ignore lint/suspicious/noExplicitAny: programs without types are what this is about
type Untyped = any;

function target(overrides: Partial<ProxyTarget> = {}) {
  const spies = {
    call: vi.fn(async (method: string, args: readonly unknown[]) => [method, args]),
    read: vi.fn(async (path: readonly string[]) => path.join("/")),
  };
  const handle = createProxy<Untyped>({ name: "StressTest", methods: () => ["ping", "echo"], ...spies, ...overrides });
  return { handle, ...spies };
}

test("A4 declared methods are functions, the same ones every time", async () => {
  const { handle, call } = target();
  expect(await handle.echo(1, "a")).toEqual(["echo", [1, "a"]]);
  expect(handle.ping).toBe(handle.ping);
  expect(handle.ping.name).toBe("ping");
  expect(call).toHaveBeenCalledTimes(1);
});

test("A8 any other property is a lazy path that await reads", async () => {
  const { handle, read } = target();
  const path = handle._planner._goals[0];
  expect(read).not.toHaveBeenCalled();
  expect(await path).toBe("_planner/_goals/0");
  expect(await path.x).toBe("_planner/_goals/0/x");
  await path.finally(() => {});
  expect(await path.catch(() => {})).toBe("_planner/_goals/0");
});

test("A8 refused names reject when read and when called, without a call", async () => {
  const { handle, read } = target({ callPath: async () => "called" });
  for (const path of [
    handle.constructor,
    Reflect.get(handle, "__proto__"),
    handle.prototype,
    handle._a.constructor.constructor,
    handle._a.call,
  ]) {
    await expect(path).rejects.toMatchObject({ code: "PATH_REFUSED" });
    await expect(path("return process")).rejects.toMatchObject({ code: "PATH_REFUSED" });
    expect(() => new path("return process")).toThrow(TypeError);
  }
  expect(read).not.toHaveBeenCalled();
});

test("A8 an undeclared call is refused with the remedy, unless the owner allows it", async () => {
  await expect(target().handle.pnig()).rejects.toThrow(
    'StressTest.pnig is not a declared method. Did you mean "ping"? Declare it as a remote method, or turn on debugCalls.',
  );
  const callPath = vi.fn(async () => 7);
  expect(await target({ callPath }).handle._planner.plan(1)).toBe(7);
  expect(callPath).toHaveBeenCalledWith(["_planner", "plan"], [1]);
});

test("A9 a handle is not awaited, and neither probes nor printing make a call", async () => {
  const { handle, call, read } = target();
  expect(await handle).toBe(handle);
  expect(`${handle}`).toBe("StressTest");
  expect(`${handle._a._b}`).toBe("StressTest._a._b");
  expect(String(handle)).toBe("StressTest");
  expect(JSON.stringify({ m: handle, p: handle._a })).toBe('{"m":"StressTest","p":"StressTest._a"}');
  expect(inspect(handle)).toBe("<Remote StressTest methods=[ping, echo]>");
  expect(inspect({ p: handle._a })).toBe("{ p: <RemotePath StressTest._a (await it to read)> }");
  expect(inspect(handle, { showProxy: true })).toContain("Proxy");
  expect(Object.keys(handle)).toEqual(["ping", "echo"]);
  expect({ ...handle }).toEqual({ ping: handle.ping, echo: handle.echo });
  expect("ping" in handle).toBe(true);
  expect("pnig" in handle).toBe(false);
  expect(handle).toEqual(handle);
  expect(handle).not.toEqual({ ping: 1 });
  expect([handle]).toStrictEqual([handle]);
  expect(() => expect(handle).toEqual(1)).toThrow();
  expect(() => expect(handle._a).toEqual(1)).toThrow();
  expect(() => structuredClone(handle)).toThrow();
  for (const probe of ["then", "$$typeof", "asymmetricMatch", "nodeType", "@@__IMMUTABLE_ITERABLE__@@"])
    expect(handle[probe]).toBeUndefined();
  expect(handle[Symbol.iterator]).toBeUndefined();
  expect(Object.hasOwn(handle, "ping")).toBe(true);
  expect(call).not.toHaveBeenCalled();
  expect(read).not.toHaveBeenCalled();
});

test("a handle shows what its owner says, and has the members its owner gives it", () => {
  const { handle } = target({ inspect: () => "<StressTest on worker 2>", properties: { pid: 7 } });
  expect(inspect(handle)).toBe("<StressTest on worker 2>");
  expect(handle.pid).toBe(7);
  expect(Object.keys(handle)).toEqual(["pid", "ping", "echo"]);
});

test("methods are looked up at every use, so that a handle outlives a restart", async () => {
  const names = ["old"];
  const { handle } = target({ methods: () => names });
  expect(await handle.old()).toEqual(["old", []]);
  names.splice(0, 1, "fresh");
  expect(Object.keys(handle)).toEqual(["fresh"]);
  expect(await handle.fresh()).toEqual(["fresh", []]);
});

test("nothing can be assigned, defined or deleted, and the error says so", () => {
  const { handle } = target();
  const message =
    "StressTest.speed is read-only: it stands for an object in another process, and cannot be changed from here. Call a method instead.";
  expect(() => {
    handle.speed = 1;
  }).toThrow(message);
  expect(() => {
    delete handle.speed;
  }).toThrow(message);
  expect(() => Object.defineProperty(handle, "speed", { value: 1 })).toThrow(message);
  expect(() => Object.setPrototypeOf(handle, null)).toThrow("StressTest is read-only");
  expect(() => {
    handle._a.b = 1;
  }).toThrow("StressTest._a.b is read-only");
  expect(() => Object.freeze(handle)).toThrow("is read-only");
});

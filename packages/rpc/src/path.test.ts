import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { checkPath, readPath } from "./path.ts";

const called = vi.fn();
afterEach(() => expect(called).not.toHaveBeenCalled());

class Planner {
  _safeGoalClearance = 0.3;
  _goals = [{ x: 1 }, { x: 2 }];
  _grid = new Float32Array([7, 8]);
  _nothing: null | { x: number } = null;
  _undefined = undefined;
  _table = new Map([["a", 1]]);
  get _clearance() {
    return this._safeGoalClearance * 2;
  }
  get _broken(): number {
    throw new Error("not ready");
  }
  plan() {
    called();
  }
}
class Base {
  get _inherited() {
    return "from the base class";
  }
}
class ReplanningAStarPlanner extends Base {
  _planner = new Planner();
  _proxy = new Proxy({}, { getOwnPropertyDescriptor: () => called(), get: () => called() });
  // biome-ignore lint/suspicious/noThenProperty: thenables are what this is about
  _thenable = { then: () => called() };
}
const root = new ReplanningAStarPlanner();
const read = (path: string) => readPath(root, path.split("."), "ReplanningAStarPlanner");

describe("deep reads", () => {
  test.each([
    ["_planner._safeGoalClearance", 0.3],
    ["_planner._clearance", 0.6],
    ["_planner._goals.1.x", 2],
    ["_planner._grid.0", 7],
    ["_planner._nothing", null],
    ["_planner._undefined", undefined],
    ["_inherited", "from the base class"],
    ["_thenable", root._thenable],
  ])("A8 %s is %o", (path, value) => {
    expect(read(path)).toBe(value);
  });

  test.each([
    [
      "_planner._safeGoal",
      'ReplanningAStarPlanner._planner has no property "_safeGoal". Did you mean "_safeGoalClearance"?',
      "PATH_MISSING",
    ],
    ["_planer", 'ReplanningAStarPlanner has no property "_planer". Did you mean "_planner"?', "PATH_MISSING"],
    ["_planner._goals.5", 'ReplanningAStarPlanner._planner._goals has no property "5".', "PATH_MISSING"],
    ["_planner._goals.0.yaw", 'ReplanningAStarPlanner._planner._goals[0] has no property "yaw".', "PATH_MISSING"],
    ["_planner._table.size", 'ReplanningAStarPlanner._planner._table has no property "size".', "PATH_MISSING"],
    ["_planner._goals.map", 'ReplanningAStarPlanner._planner._goals has no property "map".', "PATH_MISSING"],
    [
      "_planner._nothing.x",
      'ReplanningAStarPlanner._planner._nothing is null, so "x" cannot be read from it',
      "PATH_NULL",
    ],
    [
      "_planner._undefined.x",
      'ReplanningAStarPlanner._planner._undefined is undefined, so "x" cannot be read from it',
      "PATH_NULL",
    ],
    [
      "_planner._safeGoalClearance.x",
      'ReplanningAStarPlanner._planner._safeGoalClearance is a number, so "x" cannot be read from it',
      "PATH_NULL",
    ],
    [
      "_planner.plan.x",
      'ReplanningAStarPlanner._planner.plan is a function, so "x" cannot be read from it',
      "PATH_NULL",
    ],
    ["_planner._broken", "ReplanningAStarPlanner._planner._broken cannot be read: not ready", "PATH_THREW"],
    ["_proxy.x", "ReplanningAStarPlanner._proxy is a Proxy, and cannot be read through a path", "PATH_REFUSED"],
    ["constructor", '"constructor" cannot be read through a path', "PATH_REFUSED"],
    ["_planner.__proto__", '"__proto__" cannot be read through a path', "PATH_REFUSED"],
    ["_planner.prototype", '"prototype" cannot be read through a path', "PATH_REFUSED"],
    ["_planner.plan.call", '"call" cannot be read through a path', "PATH_REFUSED"],
    ["toString", '"toString" cannot be read through a path', "PATH_REFUSED"],
    ["__defineGetter__", '"__defineGetter__" cannot be read through a path', "PATH_REFUSED"],
    ["#planner", '"#planner" is not a name that a path can have', "PATH_REFUSED"],
    ["a b", '"a b" is not a name that a path can have', "PATH_REFUSED"],
    ["01", '"01" is not a name that a path can have', "PATH_REFUSED"],
  ])("A8 %s rejects: %s", (path, message, code) => {
    expect(() => read(path)).toThrow(expect.objectContaining({ message, code }));
  });

  test.each([
    [[]],
    [Array(17).fill("a")],
    ["_planner"],
    [[1]],
    [[{ toString: called }]],
    [null],
    [[`_${"x".repeat(300)}`]],
  ])("A8 a path that is none is refused (%#)", (path) => {
    expect(() => checkPath(path)).toThrow(expect.objectContaining({ code: "PATH_REFUSED" }));
  });
});

describe("generated paths", () => {
  const hostile = [
    "constructor",
    "__proto__",
    "prototype",
    "apply",
    "call",
    "bind",
    "toString",
    "valueOf",
    "then",
    "plan",
    "__lookupGetter__",
    "arguments",
    "caller",
    "mainModule",
    "process",
    "global",
  ];
  const known = ["_planner", "_goals", "_grid", "_table", "_proxy", "_thenable", "0", "x", "_nothing"];
  const name = fc.oneof(fc.constantFrom(...hostile, ...known), fc.string(), fc.string({ unit: "binary" }));

  test("A8 run no code, call no function and pollute nothing", () => {
    const before = [Object, Function, Array, Planner, ReplanningAStarPlanner].map((owner) =>
      Reflect.ownKeys(owner.prototype),
    );
    const evaluate = vi.spyOn(globalThis, "eval");
    fc.assert(
      fc.property(fc.array(name, { maxLength: 20 }), (path) => {
        try {
          const value = readPath(root, path, "root");
          if (value === Object.prototype || value === Function.prototype || value === globalThis)
            throw new TypeError("escaped");
        } catch (error) {
          expect(error).toHaveProperty("code", expect.stringMatching(/^PATH_/));
        }
      }),
      { numRuns: Number(process.env.DIMOS_FUZZ ?? 20_000) / 2 },
    );
    expect(evaluate).not.toHaveBeenCalled();
    expect(
      [Object, Function, Array, Planner, ReplanningAStarPlanner].map((owner) => Reflect.ownKeys(owner.prototype)),
    ).toEqual(before);
  });
});

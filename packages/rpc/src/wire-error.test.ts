import { expect, test } from "vitest";
import {
  CallTimeoutError,
  DimosError,
  fromWireError,
  NotSerializableError,
  PathError,
  RemoteError,
  toWireError,
} from "./index.ts";

test("B2 name, message, code, data, cause and both stacks survive", () => {
  const original = Object.assign(new TypeError("no", { cause: new RangeError("why") }), {
    code: "E_NO",
    data: { at: 1 },
  });
  const error = fromWireError(
    structuredClone(toWireError(original)),
    undefined,
    new Error("local").stack,
  ) as RemoteError;
  expect(error).toBeInstanceOf(RemoteError);
  expect({ ...error, name: error.name, message: error.message }).toEqual({
    name: "TypeError",
    message: "no",
    code: "E_NO",
    data: { at: 1 },
  });
  expect(error.cause).toMatchObject({ name: "RangeError", message: "why" });
  const [local, remote] = (error.stack ?? "").split("--- in the other process ---");
  expect(local).toMatch(/^TypeError: no\n {4}at .*wire-error\.test/);
  expect(remote).toContain("TypeError: no\n    at");
});

test("B2 errors of dimos become their own class again, with facts and sentence", () => {
  for (const original of [
    new CallTimeoutError("M.move", 500),
    new NotSerializableError("args[0]", "is a function"),
    new PathError("PATH_MISSING", "M has no property"),
  ]) {
    const error = fromWireError(toWireError(original));
    expect(error).toBeInstanceOf(original.constructor);
    expect({ ...error, message: error.message, name: error.name }).toEqual({
      ...original,
      message: original.message,
      name: original.name,
    });
  }
});

test("B2 others register how their codes become classes", () => {
  class ModuleDisabledError extends DimosError {
    constructor(message: string) {
      super("MODULE_DISABLED", message);
    }
  }
  const revivers = new Map([["MODULE_DISABLED", (wire: { message: string }) => new ModuleDisabledError(wire.message)]]);
  const error = fromWireError(toWireError(new ModuleDisabledError("off")), revivers);
  expect(error).toBeInstanceOf(ModuleDisabledError);
  expect(error.name).toBe("ModuleDisabledError");
  const broken = new Map([
    [
      "MODULE_DISABLED",
      () => {
        throw new Error("reviver");
      },
    ],
  ]);
  expect(fromWireError(toWireError(new ModuleDisabledError("off")), broken)).toMatchObject({
    message: "off",
    code: "MODULE_DISABLED",
  });
});

test.each([
  ["x", '"x" was thrown, which is not an Error'],
  [undefined, "undefined was thrown, which is not an Error"],
  [0, "0 was thrown, which is not an Error"],
  [-0, "-0 was thrown, which is not an Error"],
  [null, "null was thrown, which is not an Error"],
  [Symbol("s"), "Symbol(s) was thrown, which is not an Error"],
  [() => 1, "A function was thrown, which is not an Error"],
  [{ message: "m" }, "m was thrown, which is not an Error"],
])("B2 throw %o is described", (thrown, message) => {
  expect(fromWireError(toWireError(thrown))).toMatchObject({ name: "RemoteError", message });
});

test("B2 cycles and endless chains of causes are cut", () => {
  const a = new Error("a");
  const b = new Error("b", { cause: a });
  a.cause = b;
  expect(toWireError(a)).toMatchObject({ message: "a", cause: { message: "b" } });
  expect(toWireError(a).cause?.cause).toBeUndefined();
  let deep = new Error("0");
  for (let i = 0; i < 1000; i++) deep = new Error(`${i}`, { cause: deep });
  expect(JSON.stringify(toWireError(deep)).length).toBeLessThan(100_000);
});

test("B2 errors whose members throw, and parts of an AggregateError", () => {
  const hostile = new Error("x");
  for (const key of ["name", "message", "stack", "code", "cause"]) {
    Object.defineProperty(hostile, key, {
      get() {
        throw new Error(key);
      },
    });
  }
  expect(toWireError(hostile)).toEqual({ name: "Error", message: "" });
  const both = fromWireError(
    toWireError(new AggregateError([new Error("a"), "b"], "both")),
  ) as unknown as AggregateError;
  expect(both.errors.map((error) => error.message)).toEqual(["a", '"b" was thrown, which is not an Error']);
});

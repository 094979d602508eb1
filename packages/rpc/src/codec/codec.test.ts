import { describe, expect, test } from "vitest";
import { decode, encode, encodeParts } from "./codec.ts";

const roundTrip = (value: unknown): unknown => decode(encode(value));

describe("values", () => {
  test.each([
    ["undefined", undefined],
    ["null", null],
    ["NaN", Number.NaN],
    ["minus zero", -0],
    ["infinities", [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ["integers of every size", [0, 1, 127, 128, 255, 256, 65535, 65536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]],
    ["negative integers of every size", [-1, -32, -33, -128, -129, -32768, -32769, -(2 ** 31), -(2 ** 31) - 1]],
    ["fractions", [0.1, -1.5, Number.MIN_VALUE, Number.MAX_VALUE]],
    [
      "bigints",
      [0n, -1n, 2n ** 63n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 64n, -(2n ** 63n) - 1n, -(2n ** 200n), 2n ** 4096n],
    ],
    ["strings", ["", "a", "é", "日本", "🤖", "x".repeat(31), "x".repeat(32), "é".repeat(31), "x".repeat(70_000)]],
    ["a string that is not well-formed", "a\ud800b"],
    ["dates", [new Date(0), new Date(1e15), new Date(-1.5), new Date(Number.NaN)]],
    ["regular expressions", [/a+/giu, /\//]],
    [
      "maps and sets",
      new Map<unknown, unknown>([
        [{ a: 1 }, new Set([1, "x"])],
        [undefined, new Map()],
      ]),
    ],
    ["buffers", [new ArrayBuffer(3), new DataView(new ArrayBuffer(2)), Buffer.from("abc")]],
    ["nested objects", { a: { b: [{ c: undefined }] }, toString: 1, constructor: 2, "a b": 3 }],
    ["errors", new TypeError("no", { cause: new RangeError("why") })],
    ["aggregate errors", new AggregateError([new Error("a"), new Error("b")], "both")],
    ["members of errors", Object.assign(new Error("x"), { code: "E_X", data: { a: 1 } })],
  ])("B1 %s comes back as it was", (_, value) => {
    expect(roundTrip(value)).toStrictEqual(value);
  });

  test.each([
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  ])("F6 %o keeps its kind, small and large", (Kind) => {
    for (const length of [0, 3, 100_000]) {
      const sent = new Kind(length).map((_, i) => i % 100);
      const got = roundTrip(["x", sent]) as [string, typeof sent];
      expect(got[1].constructor).toBe(Kind);
      expect(
        Buffer.compare(Buffer.from(got[1].buffer, got[1].byteOffset, got[1].byteLength), Buffer.from(sent.buffer)),
      ).toBe(0);
    }
  });

  test("F6 bigint arrays and views into larger buffers keep their elements", () => {
    const value = [
      new BigInt64Array([-1n]),
      new BigUint64Array([2n ** 64n - 1n]),
      new Float32Array([1, 2, 3, 4]).subarray(1, 3),
    ];
    expect(roundTrip(value)).toStrictEqual(value);
  });

  test("a small typed array does not hand out memory of others", () => {
    const got = roundTrip(new Float32Array([1, 2])) as Float32Array;
    expect(got.buffer.byteLength).toBe(8);
  });

  test("a buffer comes back as a buffer, a Uint8Array as a Uint8Array", () => {
    expect(Buffer.isBuffer(roundTrip(Buffer.from("a")))).toBe(true);
    expect(Buffer.isBuffer(roundTrip(new Uint8Array(1)))).toBe(false);
  });

  test("sparse arrays keep their holes, however long they are", () => {
    // biome-ignore lint/suspicious/noSparseArray: a hole is what this is about
    const got = roundTrip([1, , undefined, 4]) as unknown[];
    expect([got.length, 1 in got, 2 in got]).toEqual([4, false, true]);
    const long: unknown[] = [];
    long[4_000_000_000] = "end";
    const back = roundTrip(long) as unknown[];
    expect([back.length, back[4_000_000_000], Object.keys(back).length]).toEqual([4_000_000_001, "end", 1]);
  });

  test("objects without a prototype stay without one", () => {
    const got = roundTrip(Object.assign(Object.create(null), { a: 1 })) as object;
    expect(Object.getPrototypeOf(got)).toBeNull();
    expect({ ...got }).toEqual({ a: 1 });
  });

  test("cycles and shared references keep their identity", () => {
    const shared = { x: 1 };
    const value: Record<string, unknown> = { a: shared, b: shared, list: [], map: new Map(), set: new Set() };
    value.self = value;
    (value.list as unknown[]).push(value.list);
    (value.map as Map<unknown, unknown>).set(value.map, value);
    (value.set as Set<unknown>).add(value.set);
    const error = new Error("e");
    error.cause = error;
    value.error = error;
    const got = roundTrip(value) as typeof value;
    expect(got.a).toBe(got.b);
    expect(got.self).toBe(got);
    expect((got.list as unknown[])[0]).toBe(got.list);
    expect((got.map as Map<unknown, unknown>).get(got.map)).toBe(got);
    expect((got.set as Set<unknown>).has(got.set)).toBe(true);
    expect((got.error as Error).cause).toBe(got.error);
  });
});

class Pose {
  x = 1;
  #secret = 2;
  get y() {
    return this.#secret;
  }
}

describe("refusals", () => {
  test.each([
    [[{ onDone: () => 1 }], "args[0].onDone is a function"],
    [[Symbol("x")], "args[0] is a symbol"],
    [[new Map([["k", () => 1]])], "args[0].k is a function"],
    [[{ "a b": [new WeakMap()] }], 'args[0]["a b"][0] is an instance of WeakMap'],
    [[Promise.resolve()], "args[0] is an instance of Promise"],
    [[new Pose()], "args[0] is an instance of Pose"],
    [[Object(1)], "args[0] is an instance of Number"],
    [[new (class Stack extends Array {})()], "args[0] is an instance of Stack"],
    [[new (class Table extends Map {})()], "args[0] is an instance of Table"],
    [[JSON.parse('{"__proto__": 1}')], "args[0].__proto__ is a member that cannot be sent; rename it"],
    [
      [
        {
          get bad() {
            throw new Error("no");
          },
        },
      ],
      "args[0].bad cannot be read: no",
    ],
    [[new URL("http://x")], "args[0] is an instance of URL"],
    // biome-ignore lint/suspicious/noThenProperty: thenables are what this is about
    [[{ then: () => 1 }], "args[0].then is a function"],
  ])("B1 what cannot be sent is refused with its place (%#)", (value, message) => {
    expect(() => encode(value, { root: "args" })).toThrow(
      expect.objectContaining({ code: "NOT_SERIALIZABLE", message }),
    );
  });

  test("what is nested too deep is refused, not followed", () => {
    let value: unknown = 1;
    for (let i = 0; i < 100_000; i++) value = [value];
    expect(() => encode(value)).toThrow(/^value\[0\].* is nested more than 64 levels deep$/);
  });

  test("class instances travel as plain data when asked, and never as an empty object", () => {
    const plain = (value: unknown) => decode(encode(value, { classInstances: "plain", root: "M._x" }));
    expect(plain({ pose: new Pose() })).toStrictEqual({ pose: { x: 1 } });
    expect(() => plain({ p: Promise.resolve() })).toThrow("M._x.p is a Promise, which is not data");
    expect(() => plain(new (class Empty {})())).toThrow("M._x is an instance of Empty without members of its own");
    expect(() => plain(() => 1)).toThrow("M._x is a function");
  });
});

describe("pieces", () => {
  test("are together what encode gives, also where a large array stands in a container, and share its memory", () => {
    const points = new Float64Array(10_000).map((_, i) => i / 3);
    const picture = Buffer.alloc(70_000, 7);
    const value = {
      small: new Float32Array([1, 2]),
      map: new Map<string, unknown>([
        ["points", points],
        ["picture", picture],
      ]),
      after: [new Set([new Uint8Array(65_537).fill(3)]), "end"],
    };
    const parts = encodeParts(value);
    expect(Buffer.concat(parts).equals(encode(value))).toBe(true);
    expect(decode(Buffer.concat(parts))).toStrictEqual(value);
    expect(parts.some((part) => part.buffer === points.buffer)).toBe(true);
    expect(parts).toHaveLength(7);
    expect(encodeParts({ a: 1 })).toEqual([encode({ a: 1 })]);
  });

  test("are refused with their place like anything else", () => {
    const points = new Uint8Array(70_000);
    expect(() => encodeParts({ points, onDone: () => 1 }, { root: "message" })).toThrow("message.onDone is a function");
  });
});

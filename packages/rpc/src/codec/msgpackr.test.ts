import { isDeepStrictEqual } from "node:util";
import { Packr } from "msgpackr";
import { afterEach, describe, expect, test, vi } from "vitest";
import { decode, encode } from "./codec.ts";

/**
 * What msgpackr 2.1 does with all of its types turned on, beside the codec here. The first half of each test is the positive
 * control: once they fail, that library has become what is needed, and may take the codec's place.
 */
const packr = () => new Packr({ useRecords: false, moreTypes: true, structuredClone: true });

function isKept(roundTrip: (value: unknown) => unknown, value: unknown): boolean {
  try {
    return isDeepStrictEqual(roundTrip(value), value);
  } catch {
    return false;
  }
}

const cycle: { self?: unknown } = {};
cycle.self = cycle;

describe("values that msgpackr changes or cannot read back", () => {
  test.each([
    ["minus zero", -0],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what this is about
    ["a sparse array", [1, , 3]],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 })],
    ["an object that refers to itself", cycle],
    ["a map in an object", { map: new Map([[1, 2]]) }],
    ["an error with a code", Object.assign(new Error("no"), { code: "E_NO" })],
    ["several errors", new AggregateError([new Error("a")], "both")],
    ["a text that is not well-formed", "a\ud800b"],
  ])("B1 %s", (_, value) => {
    expect(isKept((sent) => packr().unpack(packr().pack(sent)), value)).toBe(false);
    expect(isKept((sent) => decode(encode(sent)), value)).toBe(true);
  });
});

describe("values that msgpackr sends as something else, and that are refused here", () => {
  class Pose {
    x = 1;
  }
  test.each([
    ["a function", { onDone: () => 1 }, { onDone: undefined }, "args.onDone is a function"],
    ["a promise", { pose: Promise.resolve(1) }, { pose: {} }, "args.pose is an instance of Promise"],
    ["a class instance", { pose: new Pose() }, { pose: { x: 1 } }, "args.pose is an instance of Pose"],
    ["another name", JSON.parse('{"__proto__": 1}'), { __proto_: 1 }, "args.__proto__ is a member that cannot be sent"],
  ])("B1 %s", (_, value, arrives, message) => {
    expect(packr().unpack(packr().pack(value))).toEqual(arrives);
    expect(() => encode(value, { root: "args" })).toThrow(message);
  });
});

describe("frames from a stranger", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("B5 that nest too deep fill the stack of msgpackr", () => {
    const nested = new Uint8Array(100_000).fill(0x91);
    expect(() => packr().unpack(nested)).toThrow(RangeError);
    expect(() => decode(nested)).toThrow("more than 64 levels deep");
  });

  test("B5 make msgpackr compile code with names that they chose", () => {
    const name = "chosen";
    // A record of one member, defined by the frame itself, fifty times.
    const first = Buffer.from([0xd4, 0x72, 0x40, 0x91, 0xa0 | name.length, ...Buffer.from(name), 5]);
    const frame = Buffer.concat([Buffer.from([0xdc, 0, 50]), first, Buffer.from(Array(49).fill([0x40, 5]).flat())]);
    const sources: string[] = [];
    const compile = {
      construct(target: FunctionConstructor, source: string[]) {
        sources.push(source.join());
        return Reflect.construct(target, source) as object;
      },
    };
    vi.stubGlobal("Function", new Proxy(Function, compile));
    packr().unpack(frame);
    expect(sources.join()).toContain(name);
    sources.length = 0;
    expect(() => decode(frame)).toThrow("0x72 is not an extension of this protocol");
    expect(sources).toEqual([]);
  });
});

import { expect, test } from "vitest";
import { FrameError } from "../errors.ts";
import { decode, encode } from "./codec.ts";

test.each([
  ["nothing", []],
  ["a cut string", [0xa5, 0x61]],
  ["a length beyond the end", [0xdb, 0xff, 0xff, 0xff, 0xff]],
  ["an array of four billion", [0xdd, 0xff, 0xff, 0xff, 0xff]],
  ["a map of four billion", [0xdf, 0xff, 0xff, 0xff, 0xff]],
  ["a binary of four gigabytes", [0xc6, 0xff, 0xff, 0xff, 0xff]],
  ["an unused token", [0xc1]],
  ["an unknown extension", [0xd4, 0x72, 0x00]],
  ["a member named __proto__", [0x81, 0xa9, ...Buffer.from("__proto__"), 0x01]],
  ["a member name that is a number", [0x81, 0x01, 0x01]],
  ["a reference to nothing", [0xd6, 0x70, 0, 0, 0, 0]],
  ["a broken regular expression", [0xc7, 3, 0x78, 0xa1, 0x28, 0xa0]],
  ["a typed array that is cut", [0xc7, 2, 0x74, 3, 1]],
  ["an unknown kind of typed array", [0xc7, 2, 0x74, 99, 1]],
  ["an extension that says less than it holds", [0xc7, 1, 0x73, 0x92, 1, 2]],
  ["two values", [1, 2]],
  ["a sparse array with an index beyond its length", [0xc7, 3, 0x61, 1, 5, 1]],
])("B5 %s is refused", (_, bytes) => {
  expect(() => decode(Uint8Array.from(bytes))).toThrow(FrameError);
});

test("B5 deep nesting is refused before it fills the stack", () => {
  expect(() => decode(new Uint8Array(1_000_000).fill(0x91))).toThrow("more than 64 levels deep");
});

test("B5 a short message cannot make the reader allocate", () => {
  const before = process.memoryUsage().rss;
  const sparse = Uint8Array.from([0xc7, 5, 0x61, 0xce, 0x01, 0xff, 0xff, 0xff]);
  const kept = Array.from({ length: 1000 }, () => decode(sparse));
  expect(kept).toHaveLength(1000);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
});

test("a large typed array is read without a copy of it", () => {
  const bytes = encode({ image: new Float64Array(100_000) });
  const { image } = decode(bytes) as { image: Float64Array };
  expect(image.buffer).toBe(bytes.buffer);
});

test("several large arrays of one message are views of it when nobody else uses its memory", () => {
  const bytes = encode({ a: new Float32Array(50_000).fill(1), b: new Float32Array(50_000).fill(2) });
  const apart = decode(bytes) as { a: Float32Array };
  expect(apart.a.buffer).not.toBe(bytes.buffer);
  const together = decode(bytes, { isOwned: true }) as { a: Float32Array; b: Float32Array };
  expect([together.a.buffer, together.b.buffer]).toEqual([bytes.buffer, bytes.buffer]);
  expect(together).toEqual(apart);
});

import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { encodePng } from "./png.ts";

/** Reads back what `encodePng` writes: chunks, and rows of filter "up". */
function decode(png: Uint8Array): { types: string[]; width: number; height: number; data: number[] } {
  const view = Buffer.from(png);
  const types: string[] = [];
  let body = Buffer.alloc(0);
  for (let at = 8; at < view.length; ) {
    const length = view.readUInt32BE(at);
    const type = view.toString("latin1", at + 4, at + 8);
    types.push(type);
    if (type === "IDAT") body = inflateSync(view.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const [width, height] = [view.readUInt32BE(16), view.readUInt32BE(20)];
  const data: number[] = [];
  for (let y = 0; y < height; y++) {
    const row = y * (width * 3 + 1);
    expect(body[row]).toBe(2);
    for (let i = 0; i < width * 3; i++) {
      const above = y === 0 ? 0 : (data[(y - 1) * width * 3 + i] as number);
      data.push(((body[row + 1 + i] as number) + above) & 255);
    }
  }
  return { types, width, height, data };
}

test("writes a file from which the same pixels come back", () => {
  const data = Uint8Array.from({ length: 4 * 3 * 3 }, (_, i) => (i * 37) & 255);
  expect(decode(encodePng({ width: 4, height: 3, data }))).toEqual({
    types: ["IHDR", "IDAT", "IEND"],
    width: 4,
    height: 3,
    data: [...data],
  });
});

test("refuses pixels of another size", () => {
  expect(() => encodePng({ width: 4, height: 3, data: new Uint8Array(7) })).toThrow(/has 36 bytes, not 7/);
});

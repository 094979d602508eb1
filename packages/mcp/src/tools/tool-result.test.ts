import { expect, it } from "vitest";
import { PIXEL } from "../../test/robot.ts";
import { toolResult } from "./tool-result.ts";

const image = { type: "image", mimeType: "image/png", data: Buffer.from(PIXEL).toString("base64") };

it.each([
  [undefined, "Done."],
  [null, "null"],
  ["plain text", "plain text"],
  [0.5, "0.5"],
  [[1, undefined, Number.NaN], '[1,null,"NaN"]'],
])("says %j as %j", (value, text) => {
  expect(toolResult(value)).toEqual({ content: [{ type: "text", text }] });
});

it("keeps objects, with everything in them that JSON does not know", () => {
  const circular: Record<string, unknown> = { name: "loop" };
  circular.self = circular;
  const value = {
    at: new Date(0),
    big: 2n ** 70n,
    far: Number.POSITIVE_INFINITY,
    nothing: undefined,
    map: new Map([["a", 1]]),
    pairs: new Map([[1, "a"]]),
    set: new Set([1, 2]),
    error: new TypeError("no"),
    circular,
    twice: [value1, value1],
  };
  expect(toolResult(value).structuredContent).toEqual({
    at: "1970-01-01T00:00:00.000Z",
    big: "1180591620717411303424",
    far: "Infinity",
    map: { a: 1 },
    pairs: [[1, "a"]],
    set: [1, 2],
    error: { name: "TypeError", message: "no" },
    circular: { name: "loop", self: "[circular]" },
    twice: [{ x: 1 }, { x: 1 }],
  });
});

const value1 = { x: 1 };

it("writes short typed arrays out, and describes long ones", () => {
  const value = {
    covariance: new Float64Array(3),
    ranges: new Float32Array(50_000).fill(2),
    ids: new BigInt64Array(1),
  };
  expect(toolResult(value).structuredContent).toEqual({
    covariance: [0, 0, 0],
    ranges: { type: "Float32Array", length: 50_000, first: [2, 2, 2, 2, 2, 2, 2, 2] },
    ids: ["0"],
  });
});

it("shows pictures as pictures, wherever they are", () => {
  const picture = { mimeType: "image/png", data: PIXEL };
  expect(toolResult(picture)).toEqual({ content: [image] });
  const { content, structuredContent } = toolResult({ front: { ...picture, width: 1 }, back: [picture] });
  const size = `image/png, ${PIXEL.length} bytes`;
  const plain = { front: { image: `[image 1: ${size}]`, width: 1 }, back: [`[image 2: ${size}]`] };
  expect(structuredContent).toEqual(plain);
  expect(content).toEqual([{ type: "text", text: JSON.stringify(plain) }, image, image]);
});

it("sends of a picture only its own part of a shared buffer", () => {
  const shared = new Uint8Array(100);
  shared.set(PIXEL, 10);
  const data = shared.subarray(10, 10 + PIXEL.length);
  expect(toolResult({ mimeType: "image/png", data }).content).toEqual([image]);
});

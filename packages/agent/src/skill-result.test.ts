import { expect, test } from "vitest";
import { picturesIn, plainResult, resultText } from "./skill-result.ts";

const picture = { mimeType: "image/png", data: new Uint8Array(1500), width: 2 };

test("pictures are found wherever they are, once each, and other bytes are none", () => {
  const cyclic: Record<string, unknown> = {
    front: picture,
    all: [picture, { mimeType: "image/jpeg", data: new Uint8Array(1) }],
  };
  cyclic.self = cyclic;
  expect(picturesIn(cyclic).map(({ mimeType }) => mimeType)).toEqual(["image/png", "image/jpeg"]);
  expect(picturesIn({ mimeType: "audio/wav", data: new Uint8Array(3) })).toEqual([]);
  expect(picturesIn("image/png")).toEqual([]);
});

test("whatever a skill returns becomes plain data", () => {
  const value: Record<string, unknown> = {
    picture,
    big: 2n ** 70n,
    nan: Number.NaN,
    when: new Date(0),
    map: new Map([["a", new Set([1])]]),
    bytes: new Float64Array(2),
    nothing: undefined,
    error: new TypeError("no"),
    same: [picture, picture],
  };
  value.self = value;
  const shown = { mimeType: "image/png", data: "(image/png, 2 kB)", width: 2 };
  expect(plainResult(value)).toEqual({
    picture: shown,
    big: "1180591620717411303424",
    nan: "NaN",
    when: "1970-01-01T00:00:00.000Z",
    map: [["a", [1]]],
    bytes: "(16 bytes)",
    nothing: null,
    error: "TypeError: no",
    same: [shown, shown],
    self: "(the same again)",
  });
  expect(resultText(value, 20)).toMatch(/^\{"picture":\{"mimeTyp… \(\d+ characters in all\)$/);
});

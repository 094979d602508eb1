import { expect, it } from "vitest";
import { pictureOf } from "./picture.ts";

const data = new Uint8Array([1, 2]);

it("knows a picture by its type and bytes, and leaves out what else is said of it", () => {
  expect(pictureOf({ mimeType: "image/png", data, width: 2 })).toEqual({ mimeType: "image/png", data });
});

it.each([
  [undefined],
  [null],
  ["image/png"],
  [data],
  [{ mimeType: "audio/wav", data }],
  [{ mimeType: "image/png", data: "AQI=" }],
  [{ mimeType: 1, data }],
])("is none: %j", (value) => {
  expect(pictureOf(value)).toBeUndefined();
});

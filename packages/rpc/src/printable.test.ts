import { inspect } from "node:util";
import { expect, it } from "vitest";
import { printable, printableJson, printableLines } from "./printable.ts";
import { createProxy } from "./proxy.ts";

/** Everything that a terminal obeys, turns around, or ends a line at. */
const CONTROLS = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, code) => 0x7f + code),
  ...[0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0xd800, 0xdfff],
].map((code) => String.fromCharCode(code));

it("lets no character through that a terminal would obey", () => {
  const kept = CONTROLS.filter((control) => printable(`a${control}b`).includes(control));
  expect(kept).toEqual([]);
  expect(CONTROLS.filter((control) => printableLines(control).includes(control))).toEqual(["\t", "\n"]);
  expect(printable("\x1b[2J\n\t\u009b31m\u202e\ud800")).toBe("\\x1b[2J\\n\\t\\x9b31m\\u202e\\ud800");
});

it("leaves every other text as it is", () => {
  for (const text of ["", "Grüße, Łódź, 東京", "שלום", "مرحبا", "👩‍🚀 é", "C:\\dir\\n"]) {
    expect(printable(text)).toBe(text);
    expect(printableLines(text)).toBe(text);
  }
});

it("no line of a text can pass for one that was printed by itself", () => {
  expect(printableLines("one\n12:00:00.000Z error two\r\nthree\rfour\u2028five", "  ")).toBe(
    "one\n  12:00:00.000Z error two\n  three\\rfour\\u2028five",
  );
});

it("JSON with its controls escaped still means the same", () => {
  const value = { [CONTROLS.join("|")]: CONTROLS, text: '\\u0000 \\ " \x7f\u009b' };
  for (const indent of [undefined, 2]) {
    const json = printableJson(JSON.stringify(value, undefined, indent));
    expect(JSON.parse(json)).toEqual(value);
    expect(CONTROLS.filter((control) => json.includes(control))).toEqual(indent === undefined ? [] : ["\n"]);
  }
});

it("a handle whose methods are named by another process prints on one line", () => {
  const target = {
    name: "Lidar\x1b[2J",
    methods: () => ["read\n<Remote Arm methods=[]>"],
    call: async () => undefined,
    read: async () => undefined,
  };
  const handle = createProxy<{ inner: unknown }>(target);
  expect(inspect(handle)).toBe("<Remote Lidar\\x1b[2J methods=[read\\n<Remote Arm methods=[]>]>");
  expect(inspect(handle.inner)).toBe("<RemotePath Lidar\\x1b[2J.inner (await it to read)>");
});

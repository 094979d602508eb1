import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LogLines } from "./log-lines.ts";

const NIGHT_MS = Date.UTC(2026, 10, 30, 18, 29, 59, 250);
const zone = process.env.TZ;

function record(fields: Readonly<Record<string, unknown>>, timeMs = NIGHT_MS) {
  return { timeMs, level: "warn", fields } as const;
}

describe.each([
  ["UTC", "2026-11-30", "18:29:59.250Z"],
  ["Asia/Kolkata", "2026-11-30", "23:59:59.250+05:30"],
  ["America/St_Johns", "2026-11-30", "14:59:59.250-03:30"],
  ["Pacific/Auckland", "2026-12-01", "07:29:59.250+13:00"],
])("In %s", (name, day, time) => {
  beforeEach(() => {
    process.env.TZ = name;
  });

  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it("a time is local and says its zone, and the day stands above the first line", () => {
    const lines = new LogLines();
    expect(lines.format(record({ module: "Camera", msg: "dark", lux: 3, where: "hall" }))).toBe(
      `${day}\n${time} warn  Camera: dark  lux=3  where=hall\n`,
    );
    expect(lines.format(record({ worker: "w1", msg: "still dark" }))).toBe(`${time} warn  w1: still dark\n`);
  });

  it("the next day is said where it begins, also to somebody who knew the day of the start", () => {
    const lines = new LogLines(undefined, NIGHT_MS);
    const hours = Array.from({ length: 25 }, (_, hour) =>
      lines.format(record({ msg: "" }, NIGHT_MS + hour * 3_600_000)),
    );
    expect(hours.filter((text) => /^\d{4}-\d\d-\d\d\n/.test(text))).toHaveLength(1);
    expect(hours[0]).toBe(`${time} warn  \n`);
  });
});

it("the hour that comes twice when summer ends can be told apart", () => {
  process.env.TZ = "Europe/Berlin";
  try {
    const lines = new LogLines(undefined, Date.UTC(2026, 9, 25, 0, 30));
    const times = [0, 1].map((hour) => lines.format(record({ msg: "x" }, Date.UTC(2026, 9, 25, hour, 30))));
    expect(times).toEqual(["02:30:00.000+02:00 warn  x\n", "02:30:00.000+01:00 warn  x\n"]);
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

it("K9 nothing in an entry moves the cursor, or can pass for an entry of its own", () => {
  const forged = "\n12:00:00.000Z error Arm: on fire\r\x1b[2J\u009b31m\u202e";
  const text = new LogLines().format(
    record({ module: `A${forged}`, msg: `m${forged}`, [`k${forged}`]: `v${forged}`, err: { stack: `s${forged}` } }),
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
  const [day, entry, ...more] = text.trimEnd().split("\n");
  expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(entry).toMatch(/^\d\d:\d\d:\d\d\.250\S+ warn {2}A\\n12:00.*: m$/);
  expect(more.length).toBeGreaterThan(1);
  for (const line of more) expect(line).toMatch(/^ {2}/);
});

it.each([
  [{ msg: { toString: 1 } }, '??:??:??.???Z warn  {"toString":1}\n'],
  [{ err: { stack: null, message: 7 } }, "??:??:??.???Z warn  \n  7\n"],
  [{ err: [], module: 7 }, "??:??:??.???Z warn  7: \n"],
])("a line that no logger of ours wrote is shown all the same: %j", (fields, text) => {
  expect(new LogLines().format(record(fields, Number.NaN))).toBe(`??-??-??\n${text}`);
});

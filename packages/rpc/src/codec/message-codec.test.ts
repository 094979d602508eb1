import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameError, NotSerializableError } from "../errors.ts";
import { decode, encode } from "./codec.ts";
import { MessageDecoder } from "./message-decoder.ts";
import { MessageEncoder } from "./message-encoder.ts";

const RUNS = Number(process.env.DIMOS_FUZZ ?? 20_000) / 4;

/** Arrays of numbers that are not all floats, nor all integers. */
const MIXED = [
  [0, 0.5, 1, -1, -32, 127, 128, 0.25],
  [1, 2, 3, 4, 5, 6, 7, 0.5],
  [0, -1, "x"],
  [0, 0.5, 300, "x"],
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
];

/** Ends where the next message could begin, as in a stream. */
function copyOf(encoder: MessageEncoder, bytes: number): Buffer {
  const frame = Buffer.alloc(bytes + 64, 0xa1);
  encoder.copyTo(frame, 16);
  return frame;
}

test("an encoder and a decoder that are used again give what those for one message give", () => {
  const encoder = new MessageEncoder();
  const decoder = new MessageDecoder();
  // Few and short names, so that they come again, and others beside them.
  const name = fc.oneof(fc.constantFrom("", "a", "ab", "abc", "abcd", "x".repeat(30), "x".repeat(31)), fc.string());
  const leaf = fc.oneof(name, fc.double(), fc.integer(), fc.constantFrom(undefined, null, true, "ä", "\ud800"));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("value")), fc.dictionary(name, tie("value"))),
  }));
  fc.assert(
    fc.property(value, (message) => {
      let expected: Uint8Array;
      try {
        expected = encode(message);
      } catch (error) {
        expect(() => encoder.encode(message)).toThrow((error as Error).message);
        return;
      }
      const bytes = encoder.encode(message);
      const frame = copyOf(encoder, bytes);
      if (!frame.subarray(16, 16 + bytes).equals(expected)) throw new Error("other bytes");
      if (!isDeepStrictEqual(decoder.decode(frame, 16, 16 + bytes), message)) throw new Error("different");
    }),
    { numRuns: RUNS },
  );
});

test("texts that share a slot of the table are not mixed up", () => {
  const encoder = new MessageEncoder();
  const decoder = new MessageDecoder();
  // Far more than there are slots, each often enough to be kept.
  const names = Array.from({ length: 2_000 }, (_, i) => `${"name".repeat(i % 7)}${i}`);
  for (let round = 0; round < 4; round++) {
    for (const text of names) {
      const message = { [text]: text, list: [text, text, "end"] };
      const bytes = encoder.encode(message);
      expect(decoder.decode(copyOf(encoder, bytes), 16, 16 + bytes)).toEqual(message);
    }
  }
});

test("names of members come back as the same ones, and the last is not looked for beyond the end", () => {
  const decoder = new MessageDecoder();
  const bytes = encode({ velocity: 1.5 });
  const padded = Buffer.concat([bytes, Buffer.alloc(64, 0x61)]);
  for (let i = 0; i < 3; i++) expect(decoder.decode(padded, 0, bytes.length)).toEqual({ velocity: 1.5 });
  const name = encode("velocity");
  for (let end = 1; end < name.length; end++) {
    const cut = Buffer.concat([Buffer.from([0x81]), name, Buffer.alloc(64)]);
    expect(() => decoder.decode(cut, 0, 1 + end)).toThrow("the message ends in the middle of a value");
  }
});

test("a member named __proto__ is refused however often it comes", () => {
  const decoder = new MessageDecoder();
  const bytes = Buffer.concat([Buffer.from([0x81, 0xa9]), Buffer.from("__proto__"), Buffer.alloc(64)]);
  for (let i = 0; i < 4; i++)
    expect(() => decoder.decode(bytes, 0, 12)).toThrow(new FrameError('a member is named "__proto__"'));
});

test("arrays of numbers that turn out to be something else are written as what they are", () => {
  const encoder = new MessageEncoder();
  const long = Array.from({ length: 600 }, (_, i) => i / 2);
  const shared = { a: 1 };
  const [early, late] = [[1, 2, 3], [...long]];
  delete early[1];
  delete late[599];
  for (const value of [early, [...long, "x"], late, [0.5, shared, shared], long, [-0, Number.NaN], ...MIXED]) {
    const bytes = encoder.encode({ value });
    const decoded = new MessageDecoder().decode(copyOf(encoder, bytes), 16, 16 + bytes);
    expect(isDeepStrictEqual(decoded, { value })).toBe(true);
  }
});

test("says while it is called by a getter that it is busy, and is not afterwards, even if that throws", () => {
  const encoder = new MessageEncoder({ root: "message" });
  const seen: boolean[] = [];
  const message = {
    get pose(): never {
      seen.push(encoder.isBusy);
      throw new RangeError("not now");
    },
  };
  expect(() => encoder.encode(message)).toThrow(NotSerializableError);
  expect([...seen, encoder.isBusy]).toEqual([true, false]);
});

test("what was taken out of an encoder stays as it is", () => {
  const encoder = new MessageEncoder();
  encoder.encode({ text: "first" });
  const parts = encoder.takeParts();
  encoder.encode({ text: "other" });
  expect(Buffer.concat(parts)).toEqual(encode({ text: "first" }));
});

test("members that all objects inherit are not sent", () => {
  const encoder = new MessageEncoder();
  const { prototype } = Object as { prototype: { polluted?: number } };
  prototype.polluted = 1;
  try {
    const bytes = encoder.encode({ own: 2 });
    expect(Object.keys(decode(copyOf(encoder, bytes).subarray(16, 16 + bytes)) as object)).toEqual(["own"]);
    expect(encode({ own: 2 })).toHaveLength(bytes);
  } finally {
    delete prototype.polluted;
  }
});

test("lists of texts that come again are the caller's own, and others in their place are what they are", () => {
  const encoder = new MessageEncoder();
  const decoder = new MessageDecoder();
  // Its bytes fill no whole number of words.
  const list = Array.from({ length: 31 }, (_, i) => `joint_${i}`);
  const lists: unknown[][] = [
    list,
    list,
    list,
    list.with(30, "joint_3a"),
    list.with(0, "jöint"),
    list.with(7, "joint_\ud800"),
    list.with(3, "a"),
    list.slice(1),
    [...list.slice(1), 7],
    [...list.slice(1), undefined],
    list,
  ];
  for (let round = 0; round < 12; round++) {
    for (const name of lists) {
      const bytes = encoder.encode({ name, other: list });
      const frame = copyOf(encoder, bytes);
      expect(frame.subarray(16, 16 + bytes)).toEqual(encode({ name, other: list }));
      const decoded = decoder.decode(frame, 16, 16 + bytes) as { name: unknown[]; other: unknown[] };
      expect(decoded).toEqual({ name, other: list });
      decoded.name.pop();
      decoded.other[0] = "mine";
      expect(() => decoder.decode(frame, 16, 16 + bytes - 1)).toThrow(FrameError);
    }
  }
});

import { describe, expect, it } from "vitest";
import { encodeFrame, FRAME, LARGE_FRAME_BYTES } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { FreshBuffers } from "./shared/fresh-buffers.ts";

const SIZES = [0, 1, 3, 40, 1_000, 5_000, LARGE_FRAME_BYTES, 200_000];

/** Frames of all sizes, one after the other, each of them numbered. */
function frames(count: number): Buffer[] {
  return Array.from({ length: count }, (_, n) =>
    encodeFrame(FRAME.message, n, Buffer.alloc(SIZES[(n * 5) % SIZES.length] as number, n)),
  );
}

function* cut(bytes: Buffer, sizeOf: (at: number) => number): Iterable<number> {
  for (let at = 0; at < bytes.length; ) {
    const size = Math.min(bytes.length - at, sizeOf(at));
    yield size;
    at += size;
  }
}

/** Reads as a socket does: into the memory that the reader asks for, or into one buffer that is used again. */
function read(stream: Buffer, sizes: Iterable<number>, isDirect: boolean): Buffer[] {
  const taken: Buffer[] = [];
  const reader = new FrameReader((kind, id, bytes, start, end) => {
    taken.push(encodeFrame(kind, id, Buffer.from(bytes.subarray(start, end))));
  }, new FreshBuffers());
  const own = Buffer.alloc(300_000);
  let at = 0;
  for (const size of sizes) {
    for (const end = at + size; at < end; ) {
      const target = isDirect ? (reader.target ?? own) : own;
      const bytes = stream.copy(target, 0, at, end);
      reader.read(target.subarray(0, bytes));
      at += bytes;
      own.fill(0xff, 0, bytes);
    }
  }
  return taken;
}

describe.each([[true], [false]])("Frames, read to where they are wanted: %s,", (isDirect) => {
  it.each([1, 2, 3, 5, 17, 64, 4_000, 70_000, 250_000])("are cut out of chunks of %i bytes", (size) => {
    const sent = size < 5 ? frames(8).filter(({ length }) => length < 6_000) : frames(40);
    const stream = Buffer.concat(sent);
    expect(
      read(
        stream,
        cut(stream, () => size),
        isDirect,
      ).map(String),
    ).toEqual(sent.map(String));
  });

  it("are cut out of chunks of any size", () => {
    const sent = frames(100);
    const stream = Buffer.concat(sent);
    let seed = 1;
    const sizeOf = () => {
      seed = (seed * 48_271) % 0x7fff_ffff;
      return 1 + (seed % (seed % 3 === 0 ? 20 : 150_000));
    };
    expect(read(stream, cut(stream, sizeOf), isDirect).map(String)).toEqual(sent.map(String));
  });
});

it("A frame that cannot be right is refused before memory is made for it", () => {
  const reader = new FrameReader(() => {}, new FreshBuffers());
  expect(() => reader.read(Buffer.from([0xff, 0xff, 0xff, 0xff, 3]))).toThrow("Frame of 4294967295 bytes");
  const other = new FrameReader(() => {}, new FreshBuffers());
  other.read(Buffer.from([1, 0]));
  expect(() => other.read(Buffer.from([0, 0, 3]))).toThrow("Frame of 1 bytes");
});

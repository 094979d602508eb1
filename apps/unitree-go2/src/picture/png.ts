import { crc32, deflateSync } from "node:zlib";

/** Pixels, three bytes each (red, green, blue), row by row from the top left. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const COLOR_RGB = 2;
/** Filter 2 of the PNG specification: each byte less the one above. */
const FILTER_UP = 2;

/** A PNG file of the picture (PNG specification, third edition). */
export function encodePng({ width, height, data }: Picture): Uint8Array {
  if (data.length !== width * height * 3) {
    throw new RangeError(`a picture of ${width} x ${height} has ${width * height * 3} bytes, not ${data.length}`);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, COLOR_RGB, 0, 0, 0], 8);
  const body = deflateSync(filtered(data, width * 3, height), { level: 4 });
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("IDAT", body), chunk("IEND", new Uint8Array(0))]);
}

function filtered(data: Uint8Array, stride: number, height: number): Uint8Array {
  const rows = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const to = y * (stride + 1) + 1;
    const from = y * stride;
    rows[to - 1] = FILTER_UP;
    if (y === 0) rows.set(data.subarray(0, stride), to);
    else
      for (let i = 0; i < stride; i++) rows[to + i] = (data[from + i] as number) - (data[from + i - stride] as number);
  }
  return rows;
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(body.length + 12);
  bytes.writeUInt32BE(body.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(body, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, body.length + 8)), body.length + 8);
  return bytes;
}

import { type Picture, pictureOf } from "@dimos/core";

/** Typed arrays up to this length are written out. */
const WRITTEN_OUT = 16;
const SHOWN_FIRST = 8;

/** A value as JSON can hold it. Pictures are taken out of it into `pictures`; long typed arrays are described, not written out. */
export function plainValue(value: unknown, pictures: Picture[] = []): unknown {
  return convert(value, pictures, []);
}

function convert(value: unknown, pictures: Picture[], above: readonly object[]): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object") return value === undefined ? undefined : String(value);
  if (above.includes(value)) return "[circular]";
  const inner = (item: unknown) => convert(item, pictures, [...above, value]);
  const picture = pictureOf(value);
  if (picture !== undefined) return describePicture(value, picture, pictures, inner);
  if (value instanceof ArrayBuffer) return convert(new Uint8Array(value), pictures, above);
  if (ArrayBuffer.isView(value)) return describeArray(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (value instanceof Set) return [...value].map((item) => inner(item) ?? null);
  if (value instanceof Map) return fromMap(value, inner);
  if (Array.isArray(value)) return Array.from(value, (item) => inner(item) ?? null);
  return fromEntries(Object.entries(value), inner);
}

/** Where the picture was, its place among the pictures; beside it what else is known of it. */
function describePicture(
  value: object,
  picture: Picture,
  pictures: Picture[],
  inner: (item: unknown) => unknown,
): unknown {
  pictures.push(picture);
  const label = `[image ${pictures.length}: ${picture.mimeType}, ${picture.data.length} bytes]`;
  const { mimeType: _, data: __, ...rest } = value as unknown as Record<string, unknown>;
  return Object.keys(rest).length === 0 ? label : { image: label, ...fromEntries(Object.entries(rest), inner) };
}

function describeArray(view: ArrayBufferView): unknown {
  if (view instanceof DataView) return describeArray(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  const array = view as unknown as ArrayLike<number | bigint>;
  const shown = (length: number) =>
    Array.from({ length: Math.min(length, array.length) }, (_, index) => convert(array[index], [], []));
  if (array.length <= WRITTEN_OUT) return shown(array.length);
  return { type: view.constructor.name, length: array.length, first: shown(SHOWN_FIRST) };
}

function fromMap(map: ReadonlyMap<unknown, unknown>, inner: (item: unknown) => unknown): unknown {
  const entries = [...map];
  if (entries.every(([key]) => typeof key === "string")) return fromEntries(entries as [string, unknown][], inner);
  return entries.map((entry) => entry.map((item) => inner(item) ?? null));
}

function fromEntries(
  entries: readonly (readonly [string, unknown])[],
  inner: (item: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    entries.map(([key, item]) => [key, inner(item)] as const).filter(([, item]) => item !== undefined),
  );
}

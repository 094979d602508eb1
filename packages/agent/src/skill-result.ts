import { type Picture, pictureOf } from "@dimos/core";

/** Words for a picture, in place of its bytes. */
export function describePicture({ mimeType, data }: Picture): string {
  return `${mimeType}, ${Math.max(1, Math.round(data.byteLength / 1000))} kB`;
}

/** The pictures in what a skill returned: itself, or anything inside of it. */
export function picturesIn(value: unknown, seen: Set<unknown> = new Set()): Picture[] {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || seen.has(value)) return [];
  seen.add(value);
  const picture = pictureOf(value);
  if (picture !== undefined) return [picture];
  return Object.values(value).flatMap((item) => picturesIn(item, seen));
}

/** What a skill returned as plain data for logs, events and models: pictures and arrays of numbers as a few words. */
export function plainResult(value: unknown, parents: readonly unknown[] = []): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value !== "object" || value === null) return value === undefined ? null : value;
  if (parents.includes(value)) return "(the same again)";
  const inner = (item: unknown) => plainResult(item, [...parents, value]);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof ArrayBuffer) return `(${value.byteLength} bytes)`;
  if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
  if (value instanceof Map) return [...value].map(inner);
  if (value instanceof Set || Array.isArray(value)) return [...value].map(inner);
  if (value instanceof RegExp) return String(value);
  const picture = pictureOf(value);
  const rest = mapValues(value, inner);
  return picture === undefined ? rest : { ...rest, data: `(${describePicture(picture)})` };
}

/** As text of at most `maxCharacters`. */
export function resultText(value: unknown, maxCharacters: number): string {
  const text = typeof value === "string" ? value : JSON.stringify(plainResult(value));
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters)}… (${text.length} characters in all)`;
}

function mapValues(value: object, map: (item: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item)]));
}

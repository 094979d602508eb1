import { type Shown, shown, shownJson, shownLines } from "./shown.ts";

/** So many numbers of a typed array are shown to people; a picture has a million. */
const SHOWN_NUMBERS = 8;

/** A value for people: a text with its lines, everything else as JSON with long number arrays cut short. */
export function showValue(value: unknown): Shown {
  if (value === undefined) return shown``;
  return shown`${typeof value === "string" ? shownLines(value) : shownJson(String(JSON.stringify(value, shortened, 2)))}\n`;
}

/**
 * A value for programs: JSON, whole, with the line end. Of what JSON does not have, numbers become texts ("NaN") and
 * undefined null.
 */
export function toJson(value: unknown, indent?: number): Shown {
  return shown`${shownJson(JSON.stringify(value === undefined ? null : value, plain, indent) ?? "null")}\n`;
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (value instanceof RegExp) return String(value);
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  if (isTypedArray(value)) return Array.from(value as Iterable<unknown>);
  return value;
}

function shortened(key: string, value: unknown): unknown {
  if (!isTypedArray(value) || value.length <= SHOWN_NUMBERS) return plain(key, value);
  const shown = Array.from({ length: SHOWN_NUMBERS }, (_, index) => value[index]);
  return `${value.constructor.name}(${value.length}) [${shown.join(", ")}, …]`;
}

function isTypedArray(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

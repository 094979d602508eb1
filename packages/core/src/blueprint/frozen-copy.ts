/** A copy of plain data, objects and arrays all the way down, that nobody can change. What is neither is taken as it is. */
export function frozenCopy<T>(value: T, seen = new Map<unknown, unknown>()): T {
  if (!isPlain(value)) return value;
  const known = seen.get(value);
  if (known !== undefined) return known as T;
  const copy: unknown = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  seen.set(value, copy);
  for (const [key, member] of Object.entries(value as object))
    Object.defineProperty(copy, key, {
      value: frozenCopy(member, seen),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return Object.freeze(copy) as T;
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

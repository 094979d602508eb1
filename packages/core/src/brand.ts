/** Brands instead of `instanceof`: two copies of `@dimos/core` in one process still recognise each other's values. */
export const MODULE = Symbol.for("dimos.module");
export const MESSAGE = Symbol.for("dimos.message");
export const BLUEPRINT = Symbol.for("dimos.blueprint");
export const METHOD = Symbol.for("dimos.method");
export const RUNNER = Symbol.for("dimos.skill-runner");
export const REF_SPEC = Symbol.for("dimos.ref-spec");

export function hasBrand(value: unknown, brand: symbol): boolean {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    (value as { readonly [key: symbol]: unknown })[brand] !== undefined
  );
}

import type { MessageCheck } from "@dimos/core";
import type { z } from "zod";
import type { Quaternion } from "./geometry.ts";
import { rotationFault } from "./unit-quaternion.ts";

/** Where the first number is that must not be there, `.x is NaN`; undefined when all are as they should be. */
type Find = (value: unknown) => string | undefined;

/**
 * A `check` for message types: finds, by its schema, the first number of a message that is not finite, and the first
 * `Quaternion` that is not of unit length. A number whose schema says `.meta({ unknown: "NaN" })`, or `"Infinity"`, may
 * be that: its reader treats it as unknown. So may a `Quaternion` be all zero with `unknown: "zero"`. Values of typed
 * arrays are not checked: their reader has to.
 */
export function finite<T>(schema: z.ZodType<T>): MessageCheck<T> {
  const find = finderOf(schema) ?? (() => undefined);
  return (payload) => find(payload)?.replace(/^\./, "");
}

/** Undefined for what holds no numbers. */
function finderOf(schema: z.ZodType): Find | undefined {
  const { unknown, rotation } = schema.meta() ?? {};
  if (rotation !== undefined) return unknown === "zero" ? faultUnlessZero : faultOfRotation;
  if (typeof unknown === "string") return (value) => faultOf(value, unknown);
  const { def } = schema as unknown as { readonly def: SchemaDefinition };
  switch (def.type) {
    case "number":
    case "union":
      return (value) => faultOf(value, "");
    case "optional":
    case "nullable":
    case "default":
    case "readonly":
      return finderOf(def.innerType);
    case "array":
      return inItems(finderOf(def.element));
    case "object":
      return inFields(def.shape);
    default:
      return undefined;
  }
}

type SchemaDefinition =
  | { readonly type: "number" | "union" | "other" }
  | { readonly type: "optional" | "nullable" | "default" | "readonly"; readonly innerType: z.ZodType }
  | { readonly type: "array"; readonly element: z.ZodType }
  | { readonly type: "object"; readonly shape: Readonly<Record<string, z.ZodType>> };

function faultOf(value: unknown, unknown: string): string | undefined {
  if (typeof value !== "number" || Number.isFinite(value)) return undefined;
  return unknown.includes(Number.isNaN(value) ? "NaN" : "Infinity") ? undefined : ` is ${value}`;
}

function faultUnlessZero(value: unknown): string | undefined {
  const q = value as Partial<Quaternion> | null | undefined;
  return q?.x === 0 && q.y === 0 && q.z === 0 && q.w === 0 ? undefined : faultOfRotation(value);
}

function faultOfRotation(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fault = rotationFault(value as Quaternion);
  if (fault === undefined) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const notFinite = faultOf(part, "");
    if (notFinite !== undefined) return `.${key}${notFinite}`;
  }
  return ` ${fault}`;
}

function inItems(find: Find | undefined): Find | undefined {
  if (find === undefined) return undefined;
  return (items) => {
    if (!Array.isArray(items)) return undefined;
    for (let i = 0; i < items.length; i++) {
      const fault = find(items[i]);
      if (fault !== undefined) return `[${i}]${fault}`;
    }
    return undefined;
  };
}

function inFields(shape: Readonly<Record<string, z.ZodType>>): Find | undefined {
  const finders = Object.entries(shape).flatMap(([key, field]) => {
    const find = finderOf(field);
    return find === undefined ? [] : [[key, find] as const];
  });
  if (finders.length === 0) return undefined;
  return (value) => {
    if (typeof value !== "object" || value === null) return undefined;
    for (const [key, find] of finders) {
      const fault = find((value as Readonly<Record<string, unknown>>)[key]);
      if (fault !== undefined) return `.${key}${fault}`;
    }
    return undefined;
  };
}

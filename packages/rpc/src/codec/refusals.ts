import { classNameOf, isBuiltInPrototype } from "../built-in.ts";
import type { ClassInstances } from "./encoder.ts";

/** Why an object that is neither plain nor of a kind the codec knows cannot travel; undefined when it can, as plain data. */
export function refusalOf(value: object, prototype: object, classInstances: ClassInstances): string | undefined {
  const name = classNameOf(value);
  if (classInstances === "refuse") return `is an instance of ${name}`;
  // What a Promise or a Socket holds is not in its members: sending those would send a lie.
  for (let at: object = prototype; ; ) {
    const next = Object.getPrototypeOf(at) as object | null;
    if (next === null) break;
    if (isBuiltInPrototype(at)) return `is a ${name}, which is not data`;
    at = next;
  }
  return Object.keys(value).length === 0 ? `is an instance of ${name} without members of its own` : undefined;
}

import { types } from "node:util";
import { isBuiltInPrototype } from "./built-in.ts";
import { PathError } from "./errors.ts";
import { didYouMean } from "./suggest.ts";

const MAX_STEPS = 16;
const MAX_NAME_LENGTH = 256;
const NAME = /^(?:[A-Za-z_$][\w$]*|0|[1-9]\d*)$/;

/** Members every object or function has; through them code could be reached that nobody meant to offer. */
const REFUSED: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  ...Object.getOwnPropertyNames(Function.prototype),
  "prototype",
]);

/** Whether a deep path may be asked for at all: 1 to 16 names or indices, none of them refused. @throws PathError */
export function checkPath(path: unknown): asserts path is readonly string[] {
  if (!Array.isArray(path) || path.length === 0 || path.length > MAX_STEPS) {
    throw refused(`A path has 1 to ${MAX_STEPS} names`);
  }
  for (const name of path as unknown[]) {
    if (typeof name !== "string" || name.length > MAX_NAME_LENGTH || !NAME.test(name)) {
      const shown = typeof name === "string" ? JSON.stringify(name.slice(0, 60)) : `a ${typeof name}`;
      throw refused(`${shown} is not a name that a path can have`);
    }
    if (REFUSED.has(name)) throw refused(`"${name}" cannot be read through a path`);
  }
}

/**
 * The value at the end of a path, as it is in this process. Steps through own properties and the prototypes of classes
 * somebody wrote (their getters run), never through those of the language. Changes nothing and calls nothing else.
 *
 * @throws PathError that names the place: a missing property (with a suggestion), null on the way, a refused name.
 */
export function readPath(root: object, path: readonly string[], rootName: string): unknown {
  checkPath(path);
  let value: unknown = root;
  let place = rootName;
  for (const name of path) {
    const target = enterable(value, place, name);
    const descriptor = findProperty(target, name);
    if (descriptor === undefined) {
      const hint = didYouMean(name, namesOf(target));
      throw new PathError("PATH_MISSING", `${place} has no property "${name}".${hint}`);
    }
    place = /^\d/.test(name) ? `${place}[${name}]` : `${place}.${name}`;
    value = readProperty(descriptor, target, place);
  }
  return value;
}

function enterable(value: unknown, place: string, name: string): object {
  if (value === null || value === undefined) {
    throw new PathError("PATH_NULL", `${place} is ${value}, so "${name}" cannot be read from it`);
  }
  if (typeof value !== "object") {
    throw new PathError("PATH_NULL", `${place} is a ${typeof value}, so "${name}" cannot be read from it`);
  }
  // Its traps would be code that runs.
  if (types.isProxy(value)) throw refused(`${place} is a Proxy, and cannot be read through a path`);
  return value;
}

function findProperty(target: object, name: string): PropertyDescriptor | undefined {
  for (const owner of ownersOf(target)) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

/** The object and the prototypes of its classes, up to the first one of the language. */
function* ownersOf(target: object): Iterable<object> {
  yield target;
  let owner = Object.getPrototypeOf(target) as object | null;
  while (owner !== null && !types.isProxy(owner) && !isBuiltInPrototype(owner)) {
    yield owner;
    owner = Object.getPrototypeOf(owner) as object | null;
  }
}

function readProperty(descriptor: PropertyDescriptor, target: object, place: string): unknown {
  if (!("get" in descriptor)) return descriptor.value;
  try {
    return descriptor.get?.call(target);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PathError("PATH_THREW", `${place} cannot be read: ${reason}`, { cause: error });
  }
}

function namesOf(target: object): Set<string> {
  const names = new Set<string>();
  // Indices help nobody, and there may be millions.
  if (Array.isArray(target) || ArrayBuffer.isView(target)) return names;
  for (const owner of ownersOf(target)) {
    for (const name of Object.getOwnPropertyNames(owner)) if (!REFUSED.has(name)) names.add(name);
  }
  return names;
}

function refused(message: string): PathError {
  return new PathError("PATH_REFUSED", message);
}

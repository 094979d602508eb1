const functionSource = Function.prototype.toString;

/**
 * Whether a prototype belongs to the language or its host (`Object.prototype`, that of `Map`, of a generator, ...)
 * and not to a class somebody wrote. Runs no code of the object: own data descriptors only.
 */
export function isBuiltInPrototype(prototype: object): boolean {
  if (prototype === Object.prototype || prototype === Function.prototype) return true;
  const owner = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value as unknown;
  // Prototypes without a constructor are those of iterators and generators, or made by Object.create.
  if (typeof owner !== "function") return Object.hasOwn(prototype, Symbol.toStringTag);
  return functionSource.call(owner).endsWith("{ [native code] }");
}

/** Whether members are plain data: an object literal (of any realm) or one without a prototype. */
export function isPlainPrototype(prototype: object | null): boolean {
  if (prototype === null || prototype === Object.prototype) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

/** The class name of an object without running its code; `Object` when it has none. */
export function classNameOf(value: object): string {
  for (let at: object | null = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    const owner = Object.getOwnPropertyDescriptor(at, "constructor")?.value as unknown;
    if (typeof owner !== "function") continue;
    const name = Object.getOwnPropertyDescriptor(owner, "name")?.value as unknown;
    return typeof name === "string" && name !== "" ? name : "anonymous class";
  }
  return "Object";
}

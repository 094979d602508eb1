import { ERROR_CLASSES } from "./extensions.ts";

/** What of an `Error` travels as a value: the built-in class it is or extends, and its own members. */
export interface ErrorBody {
  class: string;
  stack: string;
  own: Record<string, unknown>;
  /** Own members by name that do not show when enumerated: `message`, `cause`, `errors` of the language itself. */
  hidden: Record<string, unknown>;
}

/** A class of one's own arrives as the built-in it extends, with the name it had, as with `structuredClone`. */
export function describeError(error: Error): ErrorBody {
  const own: Record<string, unknown> = {};
  const hidden: Record<string, unknown> = {};
  for (const key of Object.getOwnPropertyNames(error)) {
    if (key === "stack" || key === "__proto__") continue;
    const isShown = Object.prototype.propertyIsEnumerable.call(error, key);
    (isShown ? own : hidden)[key] = (error as unknown as Record<string, unknown>)[key];
  }
  const className = builtInClass(error);
  // A name that comes from the prototype of a class of one's own would be lost with it.
  if (!("name" in own) && !("name" in hidden) && error.name !== className) hidden.name = String(error.name);
  return { class: className, stack: typeof error.stack === "string" ? error.stack : "", own, hidden };
}

/** An empty error of the class; `fillError` gives it its members, which may refer to it. */
export function emptyError(className: unknown): Error {
  const known = ERROR_CLASSES.find((name) => name === className) ?? "Error";
  if (known !== "AggregateError") return new globalThis[known]();
  const error = new AggregateError([]);
  delete (error as { errors?: unknown }).errors;
  return error;
}

export function fillError(error: Error, body: Partial<ErrorBody>): void {
  for (const [key, value] of Object.entries(body.hidden ?? {})) {
    Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
  }
  for (const [key, value] of Object.entries(body.own ?? {})) {
    Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: true });
  }
  if (typeof body.stack === "string") {
    Object.defineProperty(error, "stack", { value: body.stack, configurable: true, writable: true });
  }
}

function builtInClass(error: Error): string {
  for (let at: object | null = Object.getPrototypeOf(error); at !== null; at = Object.getPrototypeOf(at)) {
    const name = ERROR_CLASSES.find((known) => globalThis[known].prototype === at);
    if (name !== undefined) return name;
  }
  return "Error";
}

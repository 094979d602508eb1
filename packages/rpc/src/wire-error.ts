import { RemoteError } from "./errors.ts";
import { ownErrors } from "./own-errors.ts";

/** An error as plain data, safe to put into JSON, MessagePack or a structured clone as long as `data` is. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly data?: unknown;
  readonly stack?: string;
  readonly cause?: WireError;
  /** The parts of an `AggregateError`. */
  readonly errors?: readonly WireError[];
}

/** Makes an error of its own class out of its data; keyed by `code`. */
export type ErrorRevivers = ReadonlyMap<string, (data: WireError) => Error>;

const MAX_CAUSES = 16;
const MAX_PARTS = 32;
const MAX_TEXT = 64 * 1024;

/** Anything thrown as data. Never throws: getters that do, cycles and endless chains of causes are cut off. */
export function toWireError(error: unknown): WireError {
  return describe(error, new Set());
}

function describe(error: unknown, seen: Set<unknown>): WireError {
  if (!(error instanceof Error)) return describeThrown(error);
  seen.add(error);
  const fields = error as Error & { code?: unknown; data?: unknown; errors?: unknown };
  const code = read(() => fields.code);
  const data = read(() => fields.data);
  const cause = read(() => fields.cause);
  const errors = read(() => fields.errors);
  const stack = read(() => fields.stack);
  return {
    name: text(read(() => fields.name)) ?? "Error",
    message: text(read(() => fields.message)) ?? "",
    ...(typeof code === "string" || typeof code === "number" ? { code: String(code) } : {}),
    ...(data === undefined ? {} : { data }),
    ...(typeof stack === "string" ? { stack: stack.slice(0, MAX_TEXT) } : {}),
    ...(cause === undefined || seen.has(cause) || seen.size >= MAX_CAUSES ? {} : { cause: describe(cause, seen) }),
    ...(Array.isArray(errors) && seen.size < MAX_CAUSES
      ? { errors: errors.slice(0, MAX_PARTS).map((part) => describe(part, new Set(seen))) }
      : {}),
  };
}

/** `throw "x"` and the like: there is no name and no stack, so the message says what was thrown. */
function describeThrown(thrown: unknown): WireError {
  const shown = typeof thrown === "string" ? JSON.stringify(thrown.slice(0, MAX_TEXT)) : show(thrown);
  const isData = thrown === null || ["string", "number", "boolean", "bigint"].includes(typeof thrown);
  return {
    name: "RemoteError",
    message: `${shown} was thrown, which is not an Error`,
    ...(isData ? { data: thrown } : {}),
  };
}

function show(thrown: unknown): string {
  if (typeof thrown === "object" && thrown !== null) return text(read(() => (thrown as Error).message)) ?? "An object";
  return typeof thrown === "function" ? "A function" : Object.is(thrown, -0) ? "-0" : String(thrown);
}

/**
 * The error that its data describes: of its own class when its `code` is known (here or in `errors`), a `RemoteError`
 * with the original's name otherwise. The remote stack stands below `localStack`, the stack of whoever waited for it.
 */
export function fromWireError(wire: WireError, errors?: ErrorRevivers, localStack?: string): Error {
  const error = revive(wire, errors);
  define(error, "name", wire.name);
  if (wire.cause !== undefined) define(error, "cause", fromWireError(wire.cause, errors));
  if (wire.errors !== undefined)
    define(
      error,
      "errors",
      wire.errors.map((part) => fromWireError(part, errors)),
    );
  const head = `${error.name}: ${error.message}`;
  const frames = localStack?.slice(Math.max(0, localStack.indexOf("\n    at ")));
  const remote = wire.stack === undefined ? "" : `\n    --- in the other process ---\n${wire.stack}`;
  define(error, "stack", `${head}${frames?.startsWith("\n") === true ? frames : ""}${remote}`);
  return error;
}

function revive(wire: WireError, errors?: ErrorRevivers): Error {
  const own = wire.code === undefined ? undefined : (errors?.get(wire.code) ?? ownErrors(wire.code));
  if (own !== undefined) {
    try {
      return own(wire);
    } catch {
      // A reviver that does not understand the data must not hide the error itself.
    }
  }
  const options = { ...(wire.code === undefined ? {} : { code: wire.code }), data: wire.data };
  return new RemoteError(wire.message, options);
}

function define(error: Error, key: "name" | "cause" | "errors" | "stack", value: unknown): void {
  Object.defineProperty(error, key, { value, configurable: true, writable: true });
}

function read(get: () => unknown): unknown {
  try {
    return get();
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value.slice(0, MAX_TEXT) : undefined;
}

/** Whether data that came from elsewhere has the shape of an error. */
export function isWireError(value: unknown): value is WireError {
  if (typeof value !== "object" || value === null) return false;
  const { name, message, code, stack, cause, errors } = value as Record<string, unknown>;
  return (
    typeof name === "string" &&
    typeof message === "string" &&
    (code === undefined || typeof code === "string") &&
    (stack === undefined || typeof stack === "string") &&
    (cause === undefined || isWireError(cause)) &&
    (errors === undefined || (Array.isArray(errors) && errors.every(isWireError)))
  );
}

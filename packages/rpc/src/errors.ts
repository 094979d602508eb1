import { classNameOf } from "./built-in.ts";

/** Codes of the errors of this package, and what each means. */
export type RpcErrorCode =
  | "REMOTE_ERROR" // the method threw; name, message and stack are those of the other process
  | "CONNECTION_LOST" // the connection ended, or never came to be; whether the call ran is unknown
  | "CALL_TIMEOUT" // no answer within the deadline
  | "CALL_ABORTED" // the caller's signal was aborted
  | "CALLER_SILENT" // the caller was stopped, or its event loop was blocked, while its call moved the robot
  | "NO_SUCH_METHOD" // the server declares no method of that name
  | "NO_SUCH_TOPIC" // the server publishes no topic of that name
  | "NOT_SERIALIZABLE" // a value cannot travel; the message names the place
  | "PATH_MISSING" // a deep path names a property that does not exist
  | "PATH_REFUSED" // a deep path names something that may not be reached
  | "PATH_NULL" // a deep path leads through null, undefined or a plain value
  | "PATH_THREW" // a getter on a deep path threw
  | "ACCESS_DENIED" // no token, a wrong token, a foreign Origin or Host
  | "BAD_ENDPOINT" // not an endpoint, or one that cannot be listened on safely
  | "ENDPOINT_IN_USE" // another server listens there
  | "INVALID_ARGUMENT" // a function was given something that it cannot take
  | "BAD_FRAME"; // the other side sent something that is not a frame of this protocol

/**
 * Base of every error of dimos: a sentence that says what to do, and a stable `code` to decide by.
 * Other packages subclass it for their own codes; `data` travels with the error.
 */
export class DimosError extends Error {
  readonly code: string;
  declare readonly data?: unknown;

  constructor(code: string, message: string, options: { cause?: unknown; data?: unknown } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    if (options.data !== undefined) this.data = options.data;
    // On instances of a bundled class the name would otherwise be that of the base.
    Object.defineProperty(this, "name", { value: new.target.name, configurable: true, writable: true });
  }
}

/** A method on the other side threw. `name`, `message`, `code`, `data` and `cause` are those of the original. */
export class RemoteError extends DimosError {
  constructor(message: string, options: { code?: string; cause?: unknown; data?: unknown } = {}) {
    super(options.code ?? "REMOTE_ERROR", message, options);
  }
}

/** The connection ended with the call unanswered. The call may or may not have run; it is never repeated by itself. */
export class ConnectionLostError extends DimosError {
  constructor(message: string, options: { cause?: unknown; data?: unknown } = {}) {
    super("CONNECTION_LOST", message, options);
  }
}

/** No answer came within the deadline. The method's own signal has been aborted. */
export class CallTimeoutError extends DimosError {
  constructor(method: string, timeoutMs: number) {
    super("CALL_TIMEOUT", `${method} did not answer within ${timeoutMs} ms`, { data: { method, timeoutMs } });
  }
}

/** The caller's signal was aborted; `cause` is its reason. */
export class CallAbortedError extends DimosError {
  constructor(method: string, reason?: unknown) {
    super("CALL_ABORTED", `${method} was aborted by its caller`, { cause: reason, data: { method } });
  }
}

/** The caller did not answer when it was asked for a sign of life; the method's own signal was aborted. */
export class CallerSilentError extends DimosError {
  declare readonly data: { readonly silentMs: number };

  constructor(silentMs: number, options: { cause?: unknown } = {}) {
    const seconds = (silentMs / 1000).toFixed(1);
    super(
      "CALLER_SILENT",
      `The caller gave no sign of life for ${seconds} s, so its call was aborted and the robot was stopped. Was the calling program stopped, or its event loop blocked?`,
      { ...options, data: { silentMs } },
    );
  }
}

export class NoSuchMethodError extends DimosError {
  constructor(message: string, method: string) {
    super("NO_SUCH_METHOD", message, { data: { method } });
  }
}

export class NoSuchTopicError extends DimosError {
  constructor(message: string, topic: string) {
    super("NO_SUCH_TOPIC", message, { data: { topic } });
  }
}

/** A value cannot be sent; the message names the place, as in `args[0].onDone is a function`. */
export class NotSerializableError extends DimosError {
  constructor(path: string, reason: string) {
    super("NOT_SERIALIZABLE", `${path} ${reason}`, { data: { path, reason } });
  }
}

export type PathErrorCode = Extract<RpcErrorCode, `PATH_${string}`>;

/** A deep path could not be read. */
export class PathError extends DimosError {
  constructor(code: PathErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(code, message, options);
  }
}

export class AccessDeniedError extends DimosError {
  constructor(message: string) {
    super("ACCESS_DENIED", message);
  }
}

export class EndpointError extends DimosError {
  constructor(code: "BAD_ENDPOINT" | "ENDPOINT_IN_USE", message: string, options: { cause?: unknown } = {}) {
    super(code, message, options);
  }
}

/** A function was given something that it cannot take, most often by a program without types. */
export class InvalidArgumentError extends DimosError {
  constructor(what: string, expected: string, got: unknown) {
    super("INVALID_ARGUMENT", `${what} must be ${expected}, got ${shown(got)}`);
  }
}

/** The other side sent something that is not a frame of this protocol. */
export class FrameError extends DimosError {
  constructor(message: string) {
    super("BAD_FRAME", message);
  }
}

/** A value in a sentence. Runs no code of it. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  if (typeof value === "object" && value !== null) return `an object (${classNameOf(value)})`;
  return typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
}

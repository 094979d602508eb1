import { InvalidArgumentError } from "../errors.ts";
import { isProtocolName } from "../frames.ts";
import type { CallOptions } from "./pending.ts";

/**
 * What the server could not read would end the connection, and with it the calls of others. So it is refused here.
 *
 * @throws InvalidArgumentError
 */
export function checkCall(method: unknown, args: unknown): void {
  if (typeof method !== "string") throw new InvalidArgumentError("the name of a method", "a string", method);
  if (isProtocolName(method)) throw new InvalidArgumentError("the name of a method", "none of the protocol's", method);
  if (!Array.isArray(args)) throw new InvalidArgumentError(`the arguments of ${method}`, "an array", args);
}

/** Options that come from programs without types. @throws InvalidArgumentError */
export function checkCallOptions(options: { readonly [K in keyof CallOptions]: unknown }): void {
  if (typeof options !== "object" || options === null)
    throw new InvalidArgumentError("the options of a call", "an object", options);
  const { timeoutMs, idleTimeoutMs, signal, onProgress } = options;
  for (const [name, value] of Object.entries({ timeoutMs, idleTimeoutMs }))
    if (value !== undefined && (typeof value !== "number" || Number.isNaN(value)))
      throw new InvalidArgumentError(name, "a number of milliseconds, or Infinity", value);
  // Not by its class: test runners bring one of their own.
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== "function")
    throw new InvalidArgumentError("signal", "an AbortSignal", signal);
  if (onProgress !== undefined && typeof onProgress !== "function")
    throw new InvalidArgumentError("onProgress", "a function", onProgress);
}

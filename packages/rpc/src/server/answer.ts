import { NotSerializableError } from "../errors.ts";
import { encodeServerFrame } from "../frames.ts";
import { toWireError, type WireError } from "../wire-error.ts";

/** A result whose class instances travel as plain data: their own enumerable members. */
export class PlainResult {
  readonly value: unknown;
  readonly root: string;

  constructor(value: unknown, root: string) {
    this.value = value;
    this.root = root;
  }
}

/**
 * Marks a method's result, so that instances of classes in it are sent as plain data instead of being refused.
 * `root` is what an error calls the value.
 */
export function asPlain(value: unknown, root: string): unknown {
  return new PlainResult(value, root);
}

/** The frame with a method's result; one with the error when the result cannot be sent. */
export function answerFrame(id: number, result: unknown, maxBytes: number): Buffer {
  try {
    if (!(result instanceof PlainResult)) {
      return encodeServerFrame({ kind: "answer", id, value: result }, { root: "result", maxBytes });
    }
    const { value, root } = result;
    return encodeServerFrame({ kind: "answer", id, value }, { root, maxBytes, classInstances: "plain" });
  } catch (error) {
    return failureFrame(id, error, maxBytes);
  }
}

/** The frame with what was thrown. What of it cannot be sent is left out; the frame always comes to be. */
export function failureFrame(id: number, thrown: unknown, maxBytes: number): Buffer {
  const error = toWireError(thrown);
  for (const candidate of [error, withoutData(error)]) {
    try {
      return encodeServerFrame({ kind: "failure", id, error: candidate }, { root: "error", maxBytes });
    } catch (reason) {
      if (!(reason instanceof NotSerializableError)) throw reason;
    }
  }
  const { name, message } = error;
  return encodeServerFrame({ kind: "failure", id, error: { name, message } }, { root: "error" });
}

function withoutData(error: WireError): WireError {
  const { data: _, cause, errors, ...rest } = error;
  return {
    ...rest,
    ...(cause === undefined ? {} : { cause: withoutData(cause) }),
    ...(errors === undefined ? {} : { errors: errors.map(withoutData) }),
  };
}

import {
  AccessDeniedError,
  CallAbortedError,
  CallerSilentError,
  CallTimeoutError,
  ConnectionLostError,
  EndpointError,
  FrameError,
  InvalidArgumentError,
  NoSuchMethodError,
  NoSuchTopicError,
  NotSerializableError,
  PathError,
  type RpcErrorCode,
} from "./errors.ts";
import type { WireError } from "./wire-error.ts";

type Revive = (wire: WireError) => Error;

/** How the errors of this package become themselves again in another process; undefined for other codes. */
export function ownErrors(code: string): Revive | undefined {
  const revive = REVIVE.get(code as RpcErrorCode);
  if (revive === undefined) return undefined;
  return (wire) => {
    const error = revive(wire, facts(wire.data));
    // The sentence as it was written there, even by a version that words it differently.
    error.message = wire.message;
    return error;
  };
}

const REVIVE: ReadonlyMap<RpcErrorCode, (wire: WireError, data: Record<string, unknown>) => Error> = new Map<
  RpcErrorCode,
  (wire: WireError, data: Record<string, unknown>) => Error
>([
  ["CONNECTION_LOST", (wire) => new ConnectionLostError(wire.message, { data: wire.data })],
  ["CALL_TIMEOUT", (_, data) => new CallTimeoutError(String(data.method), Number(data.timeoutMs))],
  ["CALL_ABORTED", (_, data) => new CallAbortedError(String(data.method))],
  ["CALLER_SILENT", (_, data) => new CallerSilentError(Number(data.silentMs))],
  ["NO_SUCH_METHOD", (wire, data) => new NoSuchMethodError(wire.message, String(data.method))],
  ["NO_SUCH_TOPIC", (wire, data) => new NoSuchTopicError(wire.message, String(data.topic))],
  ["NOT_SERIALIZABLE", (_, data) => new NotSerializableError(String(data.path), String(data.reason))],
  ["PATH_MISSING", (wire) => new PathError("PATH_MISSING", wire.message)],
  ["PATH_REFUSED", (wire) => new PathError("PATH_REFUSED", wire.message)],
  ["PATH_NULL", (wire) => new PathError("PATH_NULL", wire.message)],
  ["PATH_THREW", (wire) => new PathError("PATH_THREW", wire.message)],
  ["ACCESS_DENIED", (wire) => new AccessDeniedError(wire.message)],
  ["BAD_ENDPOINT", (wire) => new EndpointError("BAD_ENDPOINT", wire.message)],
  ["ENDPOINT_IN_USE", (wire) => new EndpointError("ENDPOINT_IN_USE", wire.message)],
  ["INVALID_ARGUMENT", () => new InvalidArgumentError("", "", undefined)],
  ["BAD_FRAME", (wire) => new FrameError(wire.message)],
]);

function facts(data: unknown): Record<string, unknown> {
  return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
}

import { Decoder } from "./codec/decoder.ts";
import { type ClassInstances, Encoder } from "./codec/encoder.ts";
import { FrameError } from "./errors.ts";
import { MAX_TIMER_MS } from "./limits.ts";
import { isWireError, type WireError } from "./wire-error.ts";

/** What a client sends. README.md shows each on the wire. */
export type ClientFrame =
  | {
      readonly kind: "call";
      readonly id: number;
      readonly method: string;
      readonly args: readonly unknown[];
      readonly timeoutMs?: number;
      readonly idleTimeoutMs?: number;
      readonly wantsProgress: boolean;
    }
  | { readonly kind: "notify"; readonly method: string; readonly args: readonly unknown[] }
  | { readonly kind: "abort"; readonly id: number }
  /** Answers `ask`. */
  | { readonly kind: "here"; readonly question: number }
  | { readonly kind: "subscribe"; readonly id: number; readonly topic: string }
  | { readonly kind: "unsubscribe"; readonly topic: string };

/** What a server sends. */
export type ServerFrame =
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly error: WireError }
  /** The server could not read what it got; which call that was is unknown. */
  | { readonly kind: "unreadable"; readonly reason: string }
  | { readonly kind: "progress"; readonly id: number; readonly value: unknown }
  /** A question that the client's event loop has to answer, with `here`. */
  | { readonly kind: "ask"; readonly question: number }
  /** Whether the server asks because of this call: a client that calls for somebody else asks that one then. */
  | { readonly kind: "asking"; readonly id: number; readonly isAsking: boolean }
  | { readonly kind: "event"; readonly topic: string; readonly value: unknown };

/** Names of this protocol itself; JSON-RPC reserves the prefix. */
const ABORT = "rpc.abort";
const HERE = "rpc.here";
const SUBSCRIBE = "rpc.subscribe";
const UNSUBSCRIBE = "rpc.unsubscribe";
const PROGRESS = "rpc.progress";
const ASK = "rpc.ask";
const ASKING = "rpc.asking";
const EVENT = "rpc.event";

/** Whether a client says something to the protocol by this name, and not to a method. */
export function isProtocolName(method: string): boolean {
  return method === ABORT || method === HERE || method === SUBSCRIBE || method === UNSUBSCRIBE;
}

const JSONRPC = "2.0";
/** "Server error" and "parse error" of JSON-RPC; the code of a failure itself is in `data.code`. */
const FAILURE_CODE = -32000;
const UNREADABLE_CODE = -32700;

/** @throws NotSerializableError naming the argument. */
export function encodeClientFrame(frame: ClientFrame, maxBytes?: number): Buffer {
  const encoder = new Encoder("refuse", maxBytes);
  switch (frame.kind) {
    case "call": {
      const timeout = frame.timeoutMs === undefined ? {} : { timeoutMs: frame.timeoutMs };
      const idle = frame.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: frame.idleTimeoutMs };
      const progress = frame.wantsProgress ? { progress: true } : {};
      const fields = { jsonrpc: JSONRPC, id: frame.id, method: frame.method, ...timeout, ...idle, ...progress };
      encoder.encodeFrame(fields, "params", frame.args, "args");
      break;
    }
    case "notify":
      encoder.encodeFrame({ jsonrpc: JSONRPC, method: frame.method }, "params", frame.args, "args");
      break;
    case "abort":
      encoder.encodeFrame({ jsonrpc: JSONRPC, method: ABORT }, "params", [frame.id], "args");
      break;
    case "here":
      encoder.encodeFrame({ jsonrpc: JSONRPC, method: HERE }, "params", [frame.question], "args");
      break;
    case "subscribe":
      encoder.encodeFrame({ jsonrpc: JSONRPC, id: frame.id, method: SUBSCRIBE }, "params", [frame.topic], "args");
      break;
    case "unsubscribe":
      encoder.encodeFrame({ jsonrpc: JSONRPC, method: UNSUBSCRIBE }, "params", [frame.topic], "args");
      break;
    default:
      frame satisfies never;
  }
  return encoder.writer.finish();
}

export interface ValueOptions {
  readonly classInstances?: ClassInstances | undefined;
  readonly root: string;
  readonly maxBytes?: number;
}

/** @throws NotSerializableError naming the place in the value. */
export function encodeServerFrame(frame: ServerFrame, options: ValueOptions): Buffer {
  const encoder = new Encoder(options.classInstances, options.maxBytes);
  switch (frame.kind) {
    case "answer":
      encoder.encodeFrame({ jsonrpc: JSONRPC, id: frame.id }, "result", frame.value, options.root);
      break;
    case "failure": {
      const error = { code: FAILURE_CODE, message: frame.error.message, data: frame.error };
      encoder.encodeFrame({ jsonrpc: JSONRPC, id: frame.id }, "error", error, options.root);
      break;
    }
    case "unreadable":
      encoder.encode({ jsonrpc: JSONRPC, id: null, error: { code: UNREADABLE_CODE, message: frame.reason } }, "frame");
      break;
    case "progress":
      encoder.encodeFrame({ jsonrpc: JSONRPC, method: PROGRESS }, "params", [frame.id, frame.value], options.root);
      break;
    case "ask":
      encoder.encodeFrame({ jsonrpc: JSONRPC, method: ASK }, "params", [frame.question], options.root);
      break;
    case "asking":
      encoder.encodeFrame({ jsonrpc: JSONRPC, method: ASKING }, "params", [frame.id, frame.isAsking], options.root);
      break;
    case "event":
      encoder.encodeFrame({ jsonrpc: JSONRPC, method: EVENT }, "params", [frame.topic, frame.value], options.root);
      break;
    default:
      frame satisfies never;
  }
  return encoder.writer.finish();
}

/** @throws FrameError for anything that is not exactly such a frame. */
export function decodeClientFrame(bytes: unknown): ClientFrame {
  const { id, method, params, timeoutMs, idleTimeoutMs, progress } = decodeObject(bytes);
  if (typeof method !== "string") throw new FrameError("the frame names no method");
  if (!Array.isArray(params)) throw new FrameError("params is not an array");
  if (id === undefined) return decodeNotification(method, params);
  if (!isId(id)) throw new FrameError("id is not a positive integer");
  if (method === SUBSCRIBE) return { kind: "subscribe", id, topic: textOf(params[0], "topic") };
  if (timeoutMs !== undefined && !isTimeout(timeoutMs)) throw new FrameError("timeoutMs is not a positive number");
  if (idleTimeoutMs !== undefined && !isTimeout(idleTimeoutMs))
    throw new FrameError("idleTimeoutMs is not a positive number");
  const timeout = timeoutMs === undefined ? {} : { timeoutMs };
  const idle = idleTimeoutMs === undefined ? {} : { idleTimeoutMs };
  return { kind: "call", id, method, args: params, ...timeout, ...idle, wantsProgress: progress === true };
}

function decodeNotification(method: string, params: readonly unknown[]): ClientFrame {
  if (method === UNSUBSCRIBE) return { kind: "unsubscribe", topic: textOf(params[0], "topic") };
  if (method !== ABORT && method !== HERE) return { kind: "notify", method, args: params };
  const [id] = params;
  if (!isId(id)) throw new FrameError("id is not a positive integer");
  return method === ABORT ? { kind: "abort", id } : { kind: "here", question: id };
}

/** @throws FrameError for anything that is not exactly such a frame. */
export function decodeServerFrame(bytes: unknown): ServerFrame {
  const frame = decodeObject(bytes);
  if (frame.method !== undefined) return decodePush(frame.method, frame.params);
  const error = frame.error as { message?: unknown; data?: unknown } | null | undefined;
  if (frame.id === null) return { kind: "unreadable", reason: textOf(error?.message, "reason") };
  if (!isId(frame.id)) throw new FrameError("id is not a positive integer");
  if ("result" in frame) return { kind: "answer", id: frame.id, value: frame.result };
  if (!isWireError(error?.data)) throw new FrameError("the frame has neither a result nor an error");
  return { kind: "failure", id: frame.id, error: error.data };
}

function decodePush(method: unknown, params: unknown): ServerFrame {
  if (!Array.isArray(params)) throw new FrameError("params is not an array");
  if (method === EVENT) return { kind: "event", topic: textOf(params[0], "topic"), value: params[1] };
  if (method !== PROGRESS && method !== ASK && method !== ASKING)
    throw new FrameError("a server sends progress, events and questions only");
  const [id, value] = params as unknown[];
  if (!isId(id)) throw new FrameError("id is not a positive integer");
  if (method === ASK) return { kind: "ask", question: id };
  return method === ASKING ? { kind: "asking", id, isAsking: value === true } : { kind: "progress", id, value };
}

function decodeObject(bytes: unknown): Record<string, unknown> {
  if (!(bytes instanceof Uint8Array)) throw new FrameError("the frame is text; this protocol is binary");
  const frame = new Decoder().decode(bytes);
  const prototype = typeof frame === "object" && frame !== null ? Object.getPrototypeOf(frame) : undefined;
  if (prototype !== Object.prototype) throw new FrameError("the frame is not a map");
  // Object.prototype has none of the names that a frame has, so a missing one is undefined.
  const members = frame as Record<string, unknown>;
  if (members.jsonrpc !== JSONRPC) throw new FrameError("the frame is not JSON-RPC 2.0");
  return members;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== "string") throw new FrameError(`the ${what} is not a string`);
  return value;
}

function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function isTimeout(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value <= MAX_TIMER_MS;
}

export { checkCallOptions } from "./client/check-call.ts";
export { type ClientState, type ConnectOptions, connect, type RpcClient } from "./client/connect.ts";
export type { CallOptions } from "./client/pending.ts";
export type { Unsubscribe } from "./client/subscriptions.ts";
export { type DecodeOptions, decode, type EncodeOptions, encode, encodeParts } from "./codec/codec.ts";
export type { ClassInstances } from "./codec/encoder.ts";
export { MessageDecoder } from "./codec/message-decoder.ts";
export { MessageEncoder } from "./codec/message-encoder.ts";
export type { Endpoint } from "./endpoint.ts";
export {
  AccessDeniedError,
  CallAbortedError,
  CallerSilentError,
  CallTimeoutError,
  ConnectionLostError,
  DimosError,
  EndpointError,
  FrameError,
  InvalidArgumentError,
  NoSuchMethodError,
  NoSuchTopicError,
  NotSerializableError,
  PathError,
  type PathErrorCode,
  RemoteError,
  type RpcErrorCode,
} from "./errors.ts";
export { MAX_TIMER_MS } from "./limits.ts";
export { checkPath, readPath } from "./path.ts";
export { printable, printableJson, printableLines } from "./printable.ts";
export { PROBES } from "./probes.ts";
export { createProxy, type ProxyTarget } from "./proxy.ts";
export type { Remote, RemotePath } from "./remote.ts";
export { asPlain, PlainResult } from "./server/answer.ts";
export type { CallContext } from "./server/call.ts";
export { type LimitedToken, type RpcServer, type RpcServerStats, type ServeOptions, serve } from "./server/serve.ts";
export type { RpcHandler, RpcMethods, Topics } from "./server/session.ts";
export type { TurnedAway } from "./server/turned-away.ts";
export { SignsOfLife } from "./signs-of-life.ts";
export { didYouMean, suggest } from "./suggest.ts";
export { warnProcess } from "./warn-process.ts";
export { type ErrorRevivers, fromWireError, toWireError, type WireError } from "./wire-error.ts";

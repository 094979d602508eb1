import { type Endpoint, parseEndpoint } from "../endpoint.ts";
import { MAX_PAYLOAD_BYTES, TCP_HEARTBEAT_MS } from "../limits.ts";
import type { ErrorRevivers } from "../wire-error.ts";
import type { CallOptions } from "./pending.ts";
import type { Unsubscribe } from "./subscriptions.ts";

export interface ConnectOptions {
  readonly token?: string;
  /** How long calls that name no deadline wait for their answer or the next progress. Default: 120,000. */
  readonly timeoutMs?: number;
  /** How long connecting may take. Default: 5,000. */
  readonly connectTimeoutMs?: number;
  /** Gives up connecting. Has no meaning once connected. */
  readonly signal?: AbortSignal;
  /** Makes errors of a known `code` errors of their own class. Those of this package are known. */
  readonly errors?: ErrorRevivers;
  /** After a lost connection, connect again for subscriptions and later calls. Default: false. */
  readonly reconnect?: boolean;
  /** Larger frames close the connection; larger arguments are refused. Default: 64 MiB. */
  readonly maxPayloadBytes?: number;
  /** A silent server counts as gone after this time. Default: 1,200 ms over TCP, never (0) on a Unix socket. */
  readonly heartbeatMs?: number;
  /** What callbacks throw. Default: a process warning. */
  readonly onError?: (error: unknown) => void;
}

export type ClientState = "connecting" | "open" | "reconnecting" | "closed";

export interface RpcClient extends AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly state: ClientState;
  /** Calls that wait for their answer. */
  readonly pending: number;
  /**
   * Calls a method. Always settles: with the answer, with the method's error, or with `CallTimeoutError`,
   * `CallAbortedError`, `ConnectionLostError`, `NotSerializableError` or `NoSuchMethodError`.
   */
  call(method: string, args: readonly unknown[], options?: CallOptions): Promise<unknown>;
  /** Sends without waiting for anything; lost when there is no connection. @throws NotSerializableError */
  notify(method: string, args: readonly unknown[]): void;
  /** Calls back with every value published under the topic, also after a reconnect, until unsubscribed. */
  subscribe(topic: string, callback: (value: unknown) => void): Unsubscribe;
  onStateChange(callback: (state: ClientState, reason?: Error) => void): () => void;
  /** Rejects what is pending, and ends the connection. */
  close(): Promise<void>;
}

export interface ClientOptions extends ConnectOptions {
  readonly connectTimeoutMs: number;
  readonly maxPayloadBytes: number;
  readonly heartbeatMs: number;
}

/**
 * Connects to a server.
 *
 * @throws EndpointError, AccessDeniedError, or ConnectionLostError when nobody answers there.
 */
export async function connect(endpoint: Endpoint, options: ConnectOptions = {}): Promise<RpcClient> {
  const address = parseEndpoint(endpoint);
  options.signal?.throwIfAborted();
  // Only those who connect load the library.
  const [{ SocketClient }, { openPipe }] = await Promise.all([import("./client.ts"), import("./pipe.ts")]);
  const defaults = {
    connectTimeoutMs: 5_000,
    maxPayloadBytes: MAX_PAYLOAD_BYTES,
    // On a Unix socket the kernel reports a dead process, and a busy one is not dead.
    heartbeatMs: address.kind === "tcp" ? TCP_HEARTBEAT_MS : 0,
  };
  const client = new SocketClient(endpoint, address, { ...defaults, ...options }, openPipe);
  await client.open(options.signal);
  return client;
}

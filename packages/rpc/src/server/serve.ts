import type { Endpoint } from "../endpoint.ts";
import { parseEndpoint } from "../endpoint.ts";
import { AccessDeniedError, InvalidArgumentError } from "../errors.ts";
import type { RpcMethods, Topics } from "./session.ts";
import type { TurnedAway } from "./turned-away.ts";

export interface LimitedToken {
  readonly token: string;
  readonly methods: RpcMethods;
}

export interface ServeOptions {
  /** Where to listen. Port 0 takes a free one. */
  readonly endpoint: Endpoint;
  /** What a client has to show. A TCP endpoint needs one; a Unix socket is guarded by its directory. */
  readonly token?: string;
  /** Further tokens beside `token`, each with the methods that are all its clients can call. */
  readonly limitedTokens?: readonly LimitedToken[];
  /** Origins of pages that may connect. Default: none. Programs send no Origin, and are not concerned. */
  readonly allowedOrigins?: Iterable<string>;
  /** Host names a TCP endpoint answers to, besides `localhost` and addresses. */
  readonly allowedHosts?: Iterable<string>;
  /** Larger frames close the connection. Default: 64 MiB. */
  readonly maxPayloadBytes?: number;
  /** Default: 1024. Over TCP never more than three eighths of the files that this process may open. */
  readonly maxClients?: number;
  /** What clients may subscribe to. Without it every topic can be subscribed to, also those nobody publishes. */
  readonly topics?: Topics;
  /** A silent client is cut after this time. Default: 1,200 ms over TCP, never (0) on a Unix socket. */
  readonly heartbeatMs?: number;
  /** Hears at most every ten seconds of connections that were closed because they did not show a token in time. */
  readonly onTurnedAway?: (turnedAway: TurnedAway) => void;
  /** Errors of notifications, which nobody waits for. Default: ignored. */
  readonly onError?: (error: unknown, method: string) => void;
}

export interface RpcServerStats {
  readonly clients: number;
  readonly callsInFlight: number;
  /** What waits here for clients to take it. */
  readonly unsentBytes: number;
  /** Events and progress that clients had no room for. */
  readonly dropped: number;
}

export interface RpcServer extends AsyncDisposable {
  /** Where clients connect, with the real port. */
  readonly endpoint: Endpoint;
  /** Sends a value to the clients that subscribed to the topic. @throws NotSerializableError */
  publish(topic: string, value: unknown): void;
  stats(): RpcServerStats;
  /** Ends every connection, aborts what still runs, and frees the endpoint. */
  close(): Promise<void>;
}

/**
 * Answers calls of the given methods on an endpoint.
 *
 * @throws EndpointError when the endpoint is malformed, taken or open to others; AccessDeniedError for TCP without a token.
 */
export async function serve(methods: RpcMethods, options: ServeOptions): Promise<RpcServer> {
  const address = parseEndpoint(options.endpoint);
  checkMethods(methods);
  const { token, limitedTokens = [] } = options;
  for (const limited of limitedTokens) checkMethods(limited.methods);
  if (limitedTokens.some((limited) => limited.token === "" || limited.token === token || token === undefined)) {
    throw new AccessDeniedError("A limited token needs a full one beside it, and must be another one, and not empty");
  }
  if (address.kind === "tcp" && (token ?? "") === "") {
    throw new AccessDeniedError(`A TCP endpoint needs a token; give serve() one, or serve on a Unix socket`);
  }
  // Only those who serve load the library.
  const { startServer } = await import("./server.ts");
  return startServer(methods, address, options);
}

/** Looked up in a plain object, methods would be found that nobody declared. */
function checkMethods(methods: RpcMethods): void {
  if (typeof (methods as Partial<RpcMethods> | undefined)?.get !== "function")
    throw new InvalidArgumentError("the methods to serve", "a Map of functions", methods);
}

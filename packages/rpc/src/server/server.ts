import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Address } from "../endpoint.ts";
import { InvalidArgumentError } from "../errors.ts";
import { encodeServerFrame } from "../frames.ts";
import { Heartbeat } from "../heartbeat.ts";
import { MAX_PAYLOAD_BYTES, TCP_HEARTBEAT_MS } from "../limits.ts";
import { type AccessPolicy, type Admitted, admit, type Refused } from "./access.ts";
import { type Bounds, boundsOf } from "./bounds.ts";
import { Handshakes } from "./handshakes.ts";
import { listen } from "./listen.ts";
import { Peer } from "./peer.ts";
import { createServerPipe, type ServerPipe } from "./pipe.ts";
import type { LimitedToken, RpcServer, RpcServerStats, ServeOptions } from "./serve.ts";
import { type RpcMethods, Session } from "./session.ts";
import { TurnedAwayReports } from "./turned-away.ts";

/** How long a client may take to answer the closing handshake. */
const CLOSE_MS = 250;
/** A client that has not taken anything of what waits for it for so long is cut. */
const STALLED_MS = 10_000;
const GOING_AWAY = 1001;

export async function startServer(methods: RpcMethods, address: Address, options: ServeOptions): Promise<RpcServer> {
  const server = new SocketServer(methods, address, options);
  await server.start(address);
  return server;
}

class SocketServer implements RpcServer {
  endpoint = "";
  readonly #sessions = new Map<string, Session>();
  readonly #http: Server;
  readonly #pipe: ServerPipe;
  readonly #access: AccessPolicy;
  readonly #bounds: Bounds;
  readonly #handshakes: Handshakes;
  readonly #turnedAway: TurnedAwayReports;
  readonly #heartbeat: Heartbeat;
  readonly #stalls = new Heartbeat(STALLED_MS);
  readonly #methods: RpcMethods;
  readonly #options: ServeOptions;
  readonly #maxPayloadBytes: number;
  #droppedByGone = 0;
  #closing: Promise<void> | undefined;

  constructor(methods: RpcMethods, address: Address, options: ServeOptions) {
    this.#methods = methods;
    this.#options = options;
    this.#maxPayloadBytes = options.maxPayloadBytes ?? MAX_PAYLOAD_BYTES;
    this.#heartbeat = new Heartbeat(options.heartbeatMs ?? (address.kind === "tcp" ? TCP_HEARTBEAT_MS : 0));
    this.#access = {
      tokens: options.token === undefined ? [] : [options.token, ...this.#limited.map(({ token }) => token)],
      allowedOrigins: new Set(options.allowedOrigins),
      allowedHosts: address.kind === "tcp" ? new Set([address.host, ...(options.allowedHosts ?? [])]) : undefined,
    };
    this.#pipe = createServerPipe({
      maxPayloadBytes: this.#maxPayloadBytes,
      handle: (frame, clientId) => this.#sessions.get(clientId)?.handle(frame),
    });
    this.#bounds = boundsOf(address, options.maxClients);
    this.#turnedAway = new TurnedAwayReports((turnedAway) => options.onTurnedAway?.(turnedAway));
    this.#handshakes = new Handshakes(this.#bounds.handshakes, (from) => this.#turnedAway.add(from));
    // Node looks for late requests twice a minute only, so the handshakes have a timer of their own.
    this.#http = createServer({ headersTimeout: 0, requestTimeout: 0 }, (_request, response) => {
      response.writeHead(426, { connection: "close" }).end("This is a WebSocket endpoint.\n");
    });
    this.#http.on("connection", (socket: Socket) => this.#handshakes.begin(socket));
    this.#http.on("upgrade", (request, socket, head) => this.#accept(request, socket as Socket, head));
    this.#http.on("clientError", (_error, socket) => socket.destroy());
  }

  async start(address: Address): Promise<void> {
    this.endpoint = await listen(this.#http, address);
  }

  publish(topic: string, value: unknown): void {
    if (typeof topic !== "string") throw new InvalidArgumentError("a topic", "a string", topic);
    // Encoded once, whoever listens, so that what cannot be sent is told to the publisher every time.
    const frame = encodeServerFrame({ kind: "event", topic, value }, { root: topic, maxBytes: this.#maxPayloadBytes });
    for (const session of this.#sessions.values()) session.publish(topic, frame);
  }

  stats(): RpcServerStats {
    let callsInFlight = 0;
    let unsentBytes = 0;
    let dropped = this.#droppedByGone;
    for (const session of this.#sessions.values()) {
      callsInFlight += session.calls;
      unsentBytes += session.peer.unsentBytes;
      dropped += session.peer.dropped;
    }
    return { clients: this.#sessions.size, callsInFlight, unsentBytes, dropped };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(request: IncomingMessage, socket: Socket, head: Buffer): void {
    // Until the library has it, an error of the socket would be nobody's, and end the process.
    socket.on("error", () => socket.destroy());
    const decision = this.#decide(request);
    if ("status" in decision) {
      // Nothing else reads it any more, and its end would not be seen.
      socket.resume();
      socket.end(`HTTP/1.1 ${decision.status} Refused\r\nconnection: close\r\nx-reason: ${decision.reason}\r\n\r\n`);
      return;
    }
    const methods = this.#limited[decision.token - 1]?.methods ?? this.#methods;
    this.#pipe.accept(request, socket, head, (clientId, webSocket) => {
      this.#handshakes.end(socket);
      this.#open(new Peer(clientId, webSocket, socket), methods);
    });
  }

  #open(peer: Peer, methods: RpcMethods): void {
    const session = new Session(peer, {
      methods,
      topics: this.#options.topics,
      maxPayloadBytes: this.#maxPayloadBytes,
      onError: this.#options.onError,
    });
    this.#sessions.set(peer.clientId, session);
    const unwatch = this.#watch(peer);
    void peer.closed.then(() => {
      unwatch();
      this.#sessions.delete(peer.clientId);
      this.#droppedByGone += peer.dropped;
      session.end("The caller is gone");
    });
  }

  #decide(request: IncomingMessage): Refused | Admitted {
    if (this.#closing !== undefined) return { status: 503, reason: "closing" };
    if (this.#sessions.size < this.#bounds.maxClients) return admit(request, this.#access);
    return { status: 503, reason: "too many clients" };
  }

  get #limited(): readonly LimitedToken[] {
    return this.#options.limitedTokens ?? [];
  }

  #watch(peer: Peer): () => void {
    const { socket } = peer;
    const silentMs = this.#heartbeat.limitMs;
    const lose = () => peer.cut(`it heard nothing of this client for ${silentMs} ms, and has aborted its calls`);
    const cut = () => peer.terminate();
    const ping = () => peer.ping();
    const life = this.#heartbeat.watch({ socket, isPaused: () => peer.isPaused, ping, onSilent: lose });
    const hasNoBacklog = () => socket.writableLength === 0;
    const stall = this.#stalls.watch({ socket, isPaused: hasNoBacklog, ping: () => {}, onSilent: cut });
    return () => {
      life();
      stall();
    };
  }

  async #close(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    const closed = new Promise((resolve) => this.#http.close(resolve));
    for (const session of sessions) {
      session.end("The server is closing");
      session.peer.close(GOING_AWAY, "the server is closing");
    }
    const late = setTimeout(() => {
      for (const session of sessions) session.peer.terminate();
      this.#handshakes.close();
    }, CLOSE_MS);
    await Promise.all(sessions.map((session) => session.peer.closed));
    this.#handshakes.close();
    await closed;
    clearTimeout(late);
    this.#turnedAway.flush();
    await this.#pipe.close();
  }
}

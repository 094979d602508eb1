import { once } from "node:events";
import { createServer, type IncomingMessage, type Server as NodeServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { Logger } from "@dimos/core";
import { type NodeMcpRequestHandler, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpHttpHandler, type Server } from "@modelcontextprotocol/server";
import { McpPortInUseError } from "../errors.ts";
import { ACCEPT_ALL, type Accepted, acceptedBy, notAcceptable } from "./accept.ts";
import { type AccessRules, inBrackets, refusalOfSource, refusalOfToken } from "./access.ts";
import { inAcceptedFormat, isStream } from "./answer-format.ts";
import { readBody, refuseLingering } from "./body.ts";
import { allowReading, answerPreflight, isPreflight } from "./cors.ts";
import { failureText } from "./failure.ts";
import { refusedShape } from "./json-shape.ts";
import { requestWithSignal } from "./request-with-signal.ts";
import { Sessions } from "./sessions.ts";

const MCP_PATH = "/mcp";
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface HttpLimits {
  /** Connections of all clients together. */
  readonly connections: number;
  /** How long a client may take to send its headers, milliseconds from the connection on. */
  readonly headersTimeoutMs: number;
  /** How long it may take to send the whole request, milliseconds. */
  readonly requestTimeoutMs: number;
}

const LIMITS: HttpLimits = { connections: 256, headersTimeoutMs: 10_000, requestTimeoutMs: 30_000 };
/** How often connections are looked at that have not sent what they should. */
const CHECK_MS = 1_000;
/** Above the limit a client is still told so, and one that has a session can still cancel; beyond these nobody is heard. */
const SPARE_CONNECTIONS = 32;

export interface HttpOptions extends AccessRules {
  readonly port: number;
  /** Whether another port will do when this one is taken. */
  readonly isPortFixed: boolean;
  readonly log: Logger;
  readonly createServer: () => Server;
  readonly limits?: HttpLimits;
}

/** Streamable HTTP at `/mcp`, for clients of the protocol of 2026 and of 2025. */
export class McpHttpServer implements AsyncDisposable {
  readonly #options: HttpOptions;
  readonly #node: NodeServer;
  readonly #handler: McpHttpHandler;
  readonly #sessions: Sessions;
  readonly #onError: (error: Error) => void;
  readonly #limits: HttpLimits;
  #connections = 0;

  private constructor(options: HttpOptions) {
    this.#options = options;
    const { createServer: createMcpServer, log } = options;
    this.#onError = (error) => log.debug("A request was refused, or its client has gone", { err: error });
    this.#handler = createMcpHandler(createMcpServer, { onerror: this.#onError, maxRequestBodySize: MAX_BODY_BYTES });
    this.#sessions = new Sessions(createMcpServer, MAX_BODY_BYTES);
    this.#limits = options.limits ?? LIMITS;
    const { headersTimeoutMs, requestTimeoutMs, connections } = this.#limits;
    const timeouts = { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs };
    const connectionsCheckingInterval = Math.min(headersTimeoutMs, CHECK_MS);
    this.#node = createServer({ ...timeouts, connectionsCheckingInterval }, (request, response) => {
      this.#take(request, response).catch((error: unknown) => {
        // One request must not take the modules of this process with it.
        log.error("A request could not be answered", { err: error });
        response.destroy();
      });
    });
    this.#node.maxConnections = connections + SPARE_CONNECTIONS;
    this.#node.on("connection", (socket) => {
      this.#connections += 1;
      socket.once("close", () => {
        this.#connections -= 1;
      });
    });
  }

  static async listen(options: HttpOptions): Promise<McpHttpServer> {
    const server = new McpHttpServer(options);
    const { host, port, isPortFixed, log } = options;
    try {
      await server.#bind(port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      if (isPortFixed) throw new McpPortInUseError(host, port, error);
      await server.#bind(0);
      log.warn(
        `Port ${port} is in use by another program: agents find this robot at ${server.url}. Choose a port with --mcp-port`,
      );
    }
    return server;
  }

  /** Where clients connect to. */
  get url(): string {
    const { host } = this.#options;
    const { port } = this.#node.address() as AddressInfo;
    const reached = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
    return `http://${inBrackets(reached)}:${port}${MCP_PATH}`;
  }

  /** Clients that keep a session. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** Tells every client that listens. */
  toolsChanged(): void {
    this.#handler.notify.toolsChanged();
    this.#sessions.toolsChanged((error) => this.#options.log.debug("A client was not told", { err: error }));
  }

  /** Ends every call and every stream. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#node, "close");
    this.#node.close();
    await Promise.all([this.#handler.close(), this.#sessions[Symbol.asyncDispose]()]);
    this.#node.closeAllConnections();
    await closed;
  }

  async #bind(port: number): Promise<void> {
    this.#node.listen({ host: this.#options.host, port });
    await once(this.#node, "listening");
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    const refusal = this.#refusalOf(request, response);
    if (refusal !== undefined) {
      if (refusal.status === 401) response.setHeader("www-authenticate", "Bearer");
      refuseLingering(request.resume(), response, refusal.status, failureText(refusal.message));
      return;
    }
    if (isPreflight(request)) {
      answerPreflight(request.resume(), response);
      return;
    }
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === "too large") {
      refuseLingering(request, response, 413, failureText(`A request may have ${MAX_BODY_BYTES} bytes at most`));
      return;
    }
    const shape = body === undefined ? undefined : refusedShape(body);
    if (shape !== undefined) {
      refuseLingering(request, response, 400, failureText(shape));
    } else if (body !== undefined) {
      const read = {
        method,
        url,
        headers: { ...headers, ...ACCEPT_ALL },
        [Symbol.asyncIterator]: () => Readable.from([body])[Symbol.asyncIterator](),
      };
      await this.#answer(read, response, acceptedBy(headers));
    }
  }

  /** What is known to be wrong before the body is read. */
  #refusalOf(request: IncomingMessage, response: ServerResponse): HttpRefusal | undefined {
    const foreign = refusalOfSource(request, this.#options);
    if (foreign !== undefined) return foreign;
    allowReading(request, response);
    return (
      this.#crowded(request) ??
      (isPreflight(request) ? undefined : refusalOfToken(request, this.#options)) ??
      wrongPath(request) ??
      notAcceptable(request)
    );
  }

  #crowded({ headers }: IncomingMessage): HttpRefusal | undefined {
    const session = headers["mcp-session-id"];
    if (this.#connections <= this.#limits.connections || this.#sessions.has(String(session))) return undefined;
    return {
      status: 503,
      message: `${this.#limits.connections} connections are open, which is the most that this server takes: close some of them, and try again`,
    };
  }

  async #answer(
    read: Parameters<NodeMcpRequestHandler>[0],
    response: ServerResponse,
    accepted: Accepted,
  ): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => {
      if (!response.writableEnded) gone.abort();
    });
    if (response.destroyed) gone.abort();
    const fetch = async (bare: Request) => {
      const request = requestWithSignal(bare, gone.signal);
      const chosen = (await this.#sessions.fetch(request)) ?? (await this.#handler.fetch(request));
      const answer = await inAcceptedFormat(chosen, accepted);
      if (isStream(answer)) setImmediate(() => sendHeaders(response));
      return answer;
    };
    await toNodeHandler({ fetch }, { onerror: this.#onError })(read, response);
  }
}

/** Node holds them back until there is something to send, which on a stream may be much later. */
function sendHeaders(response: ServerResponse): void {
  if (response.headersSent && !response.writableEnded) response.flushHeaders();
}

interface HttpRefusal {
  readonly status: 401 | 403 | 404 | 406 | 503;
  readonly message: string;
}

function wrongPath({ url = "/" }: IncomingMessage): HttpRefusal | undefined {
  const path = url.replace(/\?.*$/s, "");
  if (path === MCP_PATH || path === `${MCP_PATH}/`) return undefined;
  return { status: 404, message: `There is nothing at ${path.slice(0, 100)}: agents connect to ${MCP_PATH}` };
}

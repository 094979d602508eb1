import { once } from "node:events";
import { createServer, type IncomingMessage, type Server as NodeServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { Logger } from "@dimos/core";
import { type NodeMcpRequestHandler, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpHttpHandler, type Server } from "@modelcontextprotocol/server";
import { McpPortInUseError } from "../errors.ts";
import { type AccessRules, inBrackets, refusalOf } from "./access.ts";
import { readBody, refuseLingering } from "./body.ts";
import { requestWithSignal } from "./request-with-signal.ts";
import { Sessions } from "./sessions.ts";

const MCP_PATH = "/mcp";
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const INVALID_REQUEST = -32_600;

export interface HttpOptions extends AccessRules {
  readonly port: number;
  /** Whether another port will do when this one is taken. */
  readonly isPortFixed: boolean;
  readonly log: Logger;
  readonly createServer: () => Server;
}

/** Streamable HTTP at `/mcp`, for clients of the protocol of 2026 and of 2025. */
export class McpHttpServer implements AsyncDisposable {
  readonly #options: HttpOptions;
  readonly #node: NodeServer;
  readonly #handler: McpHttpHandler;
  readonly #sessions: Sessions;
  readonly #onError: (error: Error) => void;

  private constructor(options: HttpOptions) {
    this.#options = options;
    const { createServer: createMcpServer, log } = options;
    this.#onError = (error) => log.debug("A request was refused, or its client has gone", { err: error });
    this.#handler = createMcpHandler(createMcpServer, { onerror: this.#onError, maxRequestBodySize: MAX_BODY_BYTES });
    this.#sessions = new Sessions(createMcpServer, MAX_BODY_BYTES);
    this.#node = createServer((request, response) => {
      this.#take(request, response).catch((error: unknown) => {
        // One request must not take the modules of this process with it.
        log.error("A request could not be answered", { err: error });
        response.destroy();
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
    const refusal = refusalOf(request, this.#options) ?? wrongPath(request);
    if (refusal !== undefined) {
      if (refusal.status === 401) response.setHeader("www-authenticate", "Bearer");
      refuseLingering(request.resume(), response, refusal.status, failure(refusal.message));
      return;
    }
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === "too large") {
      refuseLingering(request, response, 413, failure(`A request may have ${MAX_BODY_BYTES} bytes at most`));
    } else if (body !== undefined) {
      const { method = "", url = "", headers } = request;
      const read = {
        method,
        url,
        headers,
        [Symbol.asyncIterator]: () => Readable.from([body])[Symbol.asyncIterator](),
      };
      await this.#answer(read, response);
    }
  }

  async #answer(read: Parameters<NodeMcpRequestHandler>[0], response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => {
      if (!response.writableEnded) gone.abort();
    });
    if (response.destroyed) gone.abort();
    const fetch = async (bare: Request) => {
      const request = requestWithSignal(bare, gone.signal);
      return (await this.#sessions.fetch(request)) ?? this.#handler.fetch(request);
    };
    await toNodeHandler({ fetch }, { onerror: this.#onError })(read, response);
  }
}

function wrongPath({ url = "/" }: IncomingMessage): { readonly status: 404; readonly message: string } | undefined {
  const path = url.replace(/\?.*$/s, "");
  if (path === MCP_PATH || path === `${MCP_PATH}/`) return undefined;
  return { status: 404, message: `There is nothing at ${path.slice(0, 100)}: agents connect to ${MCP_PATH}` };
}

function failure(message: string): string {
  return JSON.stringify({ jsonrpc: "2.0", error: { code: INVALID_REQUEST, message }, id: null });
}

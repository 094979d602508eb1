import { randomUUID } from "node:crypto";
import {
  isInitializeRequest,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";

/** So many clients of 2025 at once; of more, the one that was silent for longest has to begin anew. */
const MAX_SESSIONS = 64;
const SESSION_HEADER = "mcp-session-id";
const SESSION_NOT_FOUND = -32001;

interface Session {
  readonly server: Server;
  readonly transport: WebStandardStreamableHTTPServerTransport;
}

/**
 * Clients of the protocol of 2025: each has a session, which its cancellations find their call by, and in which it hears
 * that the tools have changed. Clients of 2026 need none.
 */
export class Sessions implements AsyncDisposable {
  /** In the order of their last requests. */
  readonly #sessions = new Map<string, Session>();
  readonly #createServer: () => Server;
  readonly #maxBodyBytes: number;

  constructor(createServer: () => Server, maxBodyBytes: number) {
    this.#createServer = createServer;
    this.#maxBodyBytes = maxBodyBytes;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Answers a request of a session, and one that begins a session; undefined for all others. */
  async fetch(request: Request): Promise<Response | undefined> {
    const id = request.headers.get(SESSION_HEADER);
    if (id !== null) return this.#resume(id, request);
    if (!(await isInitialize(request))) return undefined;
    const { server, transport } = this.#create();
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    if (transport.sessionId === undefined) await server.close();
    return response;
  }

  toolsChanged(onError: (error: unknown) => void): void {
    for (const { server } of this.#sessions.values()) server.sendToolListChanged().catch(onError);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((id) => this.#end(id)));
  }

  async #resume(id: string, request: Request): Promise<Response> {
    const session = this.#sessions.get(id);
    if (session === undefined) {
      const error = { code: SESSION_NOT_FOUND, message: "There is no such session any more: initialize again" };
      return Response.json({ jsonrpc: "2.0", error, id: null }, { status: 404 });
    }
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    return session.transport.handleRequest(request);
  }

  #create(): Session {
    const server = this.#createServer();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: this.#maxBodyBytes,
      onsessioninitialized: async (id) => {
        this.#sessions.set(id, { server, transport });
        const [oldest] = this.#sessions.keys();
        if (this.#sessions.size > MAX_SESSIONS && oldest !== undefined) await this.#end(oldest);
      },
      onsessionclosed: (id) => this.#end(id),
    });
    return { server, transport };
  }

  async #end(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    await session?.server.close();
  }
}

async function isInitialize(request: Request): Promise<boolean> {
  if (request.method !== "POST") return false;
  try {
    return isInitializeRequest(await request.clone().json());
  } catch {
    // Whoever answers the request says what is wrong with it.
    return false;
  }
}

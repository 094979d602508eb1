import { randomUUID } from "node:crypto";
import { isInitializeRequest, type Server } from "@modelcontextprotocol/server";
import { failure } from "./failure.ts";
import { SessionTransport } from "./session-transport.ts";

/** Clients of 2025 at once. For one more, the one that was silent for longest has to initialize again. */
const MAX_SESSIONS = 64;
const SESSION_HEADER = "mcp-session-id";
const SESSION_NOT_FOUND = -32001;

interface Session {
  readonly server: Server;
  readonly transport: SessionTransport;
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

  has(id: string): boolean {
    return this.#sessions.has(id);
  }

  /** Answers a request of a session, and one that begins a session; undefined for all others. */
  async fetch(request: Request): Promise<Response | undefined> {
    const id = request.headers.get(SESSION_HEADER);
    const parsedBody = await parseBody(request);
    if (id !== null) return this.#resume(id, request, parsedBody);
    if (isCancellation(parsedBody))
      return failure(
        400,
        "Without a session nothing is cancelled this way: close the connection of the call, that ends it",
      );
    if (!isInitializeRequest(parsedBody)) return undefined;
    if (this.#sessions.size >= MAX_SESSIONS && this.#oldestIdle() === undefined)
      return failure(
        503,
        `${MAX_SESSIONS} agents have calls under way, and there is no room for another: try again later`,
      );
    const { server, transport } = this.#create();
    await server.connect(transport);
    const response = await transport.handleRequest(request, { parsedBody });
    if (transport.sessionId === undefined) await server.close();
    return response;
  }

  toolsChanged(onError: (error: unknown) => void): void {
    for (const { server } of this.#sessions.values()) server.sendToolListChanged().catch(onError);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((id) => this.#end(id)));
  }

  async #resume(id: string, request: Request, parsedBody: unknown): Promise<Response> {
    const session = this.#sessions.get(id);
    if (session === undefined)
      return failure(404, "There is no such session any more: initialize again", SESSION_NOT_FOUND);
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    return session.transport.handleRequest(request, { parsedBody });
  }

  /** The session that was silent for longest. One with a call under way is spared: to end it halts the robot. */
  #oldestIdle(): string | undefined {
    for (const [id, { transport }] of this.#sessions) if (!transport.isBusy) return id;
    return undefined;
  }

  #create(): Session {
    const server = this.#createServer();
    const transport = new SessionTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: this.#maxBodyBytes,
      onsessioninitialized: async (id) => {
        this.#sessions.set(id, { server, transport });
        const oldest = this.#sessions.size > MAX_SESSIONS ? this.#oldestIdle() : undefined;
        if (oldest !== undefined) await this.#end(oldest);
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

/** Undefined for what is not JSON: whoever answers the request says what is wrong with it. */
async function parseBody(request: Request): Promise<unknown> {
  if (request.method !== "POST") return undefined;
  try {
    return await request.clone().json();
  } catch {
    return undefined;
  }
}

function isCancellation(body: unknown): boolean {
  return typeof body === "object" && body !== null && "method" in body && body.method === "notifications/cancelled";
}

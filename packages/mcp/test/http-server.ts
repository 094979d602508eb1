import type { OutgoingHttpHeaders } from "node:http";
import type { Logger } from "@dimos/core";
import { Server } from "@modelcontextprotocol/server";
import { type HttpOptions, McpHttpServer } from "../src/http/http-server.ts";
import { type Answer, ask } from "./raw-http.ts";

const silent = () => {};
const log: Logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };

/** The HTTP server alone, without a run: its one tool, `wait`, ends when its call is aborted. */
export function serve(options: Partial<HttpOptions> = {}): Promise<McpHttpServer> {
  return McpHttpServer.listen({
    host: "127.0.0.1",
    port: 0,
    isPortFixed: true,
    allowedHosts: [],
    origins: [],
    accessToken: undefined,
    log,
    createServer: waitingServer,
    ...options,
  });
}

function waitingServer(): Server {
  const server = new Server({ name: "test", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler("tools/list", () => ({ tools: [{ name: "wait", inputSchema: { type: "object" } }] }));
  server.setRequestHandler("tools/call", async (_, { mcpReq, http }) => {
    const progressToken = mcpReq._meta?.progressToken ?? "none";
    await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress: 1 } });
    const signal = AbortSignal.any([mcpReq.signal, http?.req?.signal ?? mcpReq.signal]);
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    return { content: [] };
  });
  return server;
}

export const message = (method: string, params: object, id?: number) => ({ jsonrpc: "2.0", method, params, id });
export const waitCall = (id: number) => message("tools/call", { name: "wait" }, id);
export const cancelled = (requestId: number) => message("notifications/cancelled", { requestId });

type Say = (body: object | undefined, method?: string) => Promise<Answer>;

/** A client of the protocol of 2025 that says what it is told to. */
export async function startSession(url: string, given: OutgoingHttpHeaders = {}): Promise<Say> {
  const clientInfo = { name: "test", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const begun = await ask(url, JSON.stringify(message("initialize", params, 0)));
  await begun.ended;
  const headers = { ...given, "mcp-session-id": begun.headers["mcp-session-id"] };
  return (body, method = "POST") => ask(url, body === undefined ? "" : JSON.stringify(body), { method, headers });
}

import type { RemoteCoordinator } from "@dimos/core";
import type { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { protocolServer } from "./protocol-server.ts";
import { Toolbox, type ToolRun } from "./tools/toolbox.ts";

export interface StdioOptions {
  /** Ends the connection, and every call of it. */
  readonly signal: AbortSignal;
  /** Hears what does not concern the client. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Serves a running run to the program at the other end of standard input and output: the same tools as `McpServer` has,
 * for agents that launch commands. Resolves to why it has ended: the client left, the run ended, or the signal.
 */
export async function serveRunOnStdio(
  run: RemoteCoordinator,
  { signal, onError = () => {} }: StdioOptions,
): Promise<"client left" | "run ended" | "aborted"> {
  const toolbox = new Toolbox(toolRun(run), (text) => say(run, text));
  const servers = new Set<Server>();
  const transport = new StdioServerTransport();
  const { promise: ended, resolve: end } = Promise.withResolvers<"client left" | "run ended" | "aborted">();
  process.stdin.once("end", () => end("client left")).once("close", () => end("client left"));
  const handle = serveStdio(() => remember(protocolServer(toolbox, onError), servers), { transport, onerror: onError });
  const leave = [
    run.on("modulesChanged", () => {
      for (const server of servers) server.sendToolListChanged().catch(onError);
    }),
    run.on("stopped", () => end("run ended")),
  ];
  const abort = () => end("aborted");
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  try {
    return await ended;
  } finally {
    signal.removeEventListener("abort", abort);
    for (const off of leave) off();
    await handle.close();
  }
}

/** What connects in between has no use for what others hear. */
function remember(server: Server, servers: Set<Server>): Server {
  servers.add(server);
  server.onclose = () => servers.delete(server);
  return server;
}

function toolRun(run: RemoteCoordinator): ToolRun {
  return {
    runId: run.runId,
    listModules: async () => run.listModules(),
    estop: (reason) => run.estop(reason),
    call: (instance, method, args = [], options = {}) => {
      const idleTimeoutMs = run.descriptionOf(instance)?.skills.find(({ name }) => name === method)?.timeoutMs;
      return run.call(instance, method, args, {
        ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
        ...options,
      });
    },
  };
}

async function say(run: RemoteCoordinator, text: string): Promise<string> {
  const { receivers = [] } = (await run.publish("humanInput", { data: text })) ?? {};
  if (receivers.length > 0) return `Said to ${receivers.join(", ")}`;
  return "No module of this run listens to humanInput: there is no agent";
}
